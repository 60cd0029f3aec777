/** @module A scratch database in the state that the migrations produce, to which it can be brought back. */
import type { Connection } from '../../connections/connection.ts'
import type { Dialect, Driver } from '../../connections/driver.ts'
import type { MigrationFiles } from '../files/migration-files.ts'
import { dropEverything } from '../run/drop-everything.ts'
import { Migrator } from '../run/migrator.ts'
import type { SchemaSnapshot } from './snapshots/schema-snapshot.ts'
import { takeSnapshot } from './snapshots/take-snapshot.ts'

/** Nothing in a scratch database is ever committed where a transaction can hold the schema. */
const BEGIN: Readonly<Record<Dialect, readonly string[]>> = {
  sqlite: ['pragma foreign_keys = off', 'begin', 'savepoint before'],
  postgres: ['begin', 'savepoint before'],
  mysql: [],
}

/** A driver of an empty database, on which a transaction that was begun by hand is that of every query. */
export function scratchDriver(driver: Driver): Driver {
  const scratch = driver.scratch()
  if (driver.dialect !== 'postgres') return scratch
  const pool = { min: 0, max: 1, idleTimeoutMillis: 0 }
  return { ...scratch, load: async (root) => ({ ...(await scratch.load(root)), pool }) }
}

export class Scratch {
  readonly connection: Connection
  readonly #files: MigrationFiles

  private constructor(connection: Connection, files: MigrationFiles) {
    this.connection = connection
    this.#files = files
  }

  /** @param connection to a database to which the migrations have just been applied */
  static async begin(connection: Connection, files: MigrationFiles): Promise<Scratch> {
    for (const sql of BEGIN[connection.driver.dialect]) await connection.execute(sql)
    return new Scratch(connection, files)
  }

  get dialect(): Dialect {
    return this.connection.driver.dialect
  }

  async execute(sql: string): Promise<void> {
    await this.connection.execute(sql)
  }

  snapshot(): Promise<SchemaSnapshot> {
    return takeSnapshot(this.connection)
  }

  /** Goes back to what the migrations produce. */
  async reset(): Promise<void> {
    if (this.dialect !== 'mysql') return this.execute('rollback to before')
    // There a change of the schema commits: the way back is to begin again.
    await this.connection.exclusive((run) => dropEverything(this.connection, run))
    await new Migrator(this.connection, this.#files).replay()
  }
}
