/** @module limber/database/sqlite: an embedded database in one file, or in memory. */
export { type SqliteConfig, sqlite } from './sqlite-driver.ts'
