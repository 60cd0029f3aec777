/** @module The `database` section of the configuration: connections and where migrations and seeders are. */
import type { Driver } from './connections/driver.ts'
import type { InsightConfig } from './insight/insight-config.ts'
import type { MigrationsConfig } from './migrations/migrations-config.ts'

export interface DatabaseConfig {
  /** The connection of `db.connection` and `db.session`. */
  readonly default: string
  /** Drivers, URLs, or what exports a driver: `./my-driver.ts#MyDriver` from the root, or `package#export`. */
  readonly connections: Readonly<Record<string, Driver | string>>
  /** Opens, in place of each database, an empty one that ends with the application; the test kit asks for it. */
  readonly scratch?: boolean
  /**
   * Whether the end of a scope writes what is pending; default true. With false, whoever changes something flushes it, and
   * what is forgotten is a warning, in tests an error.
   */
  readonly autoCommit?: boolean
  /** How long a write waits for other units of work of this process on SQLite, in milliseconds; default 30,000. */
  readonly writerTimeout?: number
  /** The folder with migrations, from the root, or more about them; default: `database/migrations`. */
  readonly migrations?: string | MigrationsConfig
  /** The folder with seeders, from the root; default: `database/seeders`. */
  readonly seeders?: string
  /** What is told about queries: log, slow ones, repeated ones. */
  readonly insight?: InsightConfig
}

declare module '../config/config.ts' {
  interface ConfigSections {
    database: DatabaseConfig
  }
}

/**
 * Defines the databases in `config/database.ts`.
 *
 * @example
 * ```ts
 * import { env } from 'limber'
 * import { defineDatabase, fromUrl } from 'limber/database'
 *
 * export default defineDatabase({
 *   default: 'main',
 *   connections: { main: fromUrl(env.string('DATABASE_URL', 'sqlite:storage/limber.sqlite')) },
 * })
 * ```
 */
export function defineDatabase(config: DatabaseConfig): DatabaseConfig {
  return config
}
