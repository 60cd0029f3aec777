/** @module The `migrations` part of `config/database.ts`: where they are, and how carefully they are run. */

/** What a database is told about its migrations. */
export interface MigrationsConfig {
  /** The folder, from the root; default: `database/migrations`. */
  readonly folder?: string
  /** Copies of an SQLite database before each run; false for none. */
  readonly backups?: BackupsConfig | false
  /** How long a run waits for another process that migrates the same database, in milliseconds; default 60,000. */
  readonly lockTimeout?: number
  /** What the start of an application does when the database or the models are ahead of the migrations. */
  readonly drift?: DriftConfig | DriftMode
}

export interface BackupsConfig {
  /** The folder, from the root; default: `storage/backups`. */
  readonly folder?: string
  /** How many are kept of each database; default 3. */
  readonly keep?: number
}

/** Default: `warn`, and `off` in tests. */
export type DriftMode = 'warn' | 'fail' | 'off'

export interface DriftConfig {
  readonly mode?: DriftMode
  /** How long the database may take to answer, in milliseconds; default 2,000. */
  readonly timeout?: number
}

export const DEFAULT_FOLDER = 'database/migrations'

/** The parts of it, also when only the folder is written. */
export function migrationsConfigOf(written: string | MigrationsConfig | undefined): MigrationsConfig {
  return typeof written === 'string' ? { folder: written } : (written ?? {})
}
