/** @module limber/files: files of the application, in a folder or in a bucket. */
export {}
