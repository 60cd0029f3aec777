import { env } from 'limber'
import { defineCache, storeFromUrl } from 'limber/cache'

/** Every option stands in docs/cache.md. CACHE_URL=redis://host:6379 shares it among servers. */
export default defineCache({
  stores: { main: storeFromUrl(env.string('CACHE_URL', 'file:storage/cache')) },
})
