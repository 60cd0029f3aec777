/** @module limber/cache: caches, locks and limits, kept in memory, files, databases, Redis or Memcached. */
export {}
