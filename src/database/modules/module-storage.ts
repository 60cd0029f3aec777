/** @module Where what belongs to modules is kept when nothing else is said. */

/** From the root of the application. */
export const MODULE_STORAGE = 'storage/modules'
