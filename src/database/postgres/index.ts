/** @module limber/database/postgres: PostgreSQL. Importing it does not load the ORM. */
export { type PostgresConfig, postgres } from './postgres-driver.ts'
