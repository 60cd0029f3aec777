/** @module The SQLite driver: WAL, one connection that writes, and a second one that reads without waiting for it. */
import { accessSync, constants, existsSync, statSync } from 'node:fs'
import path from 'node:path'
import type { DatabaseConnection } from 'kysely'
import type { Driver, DriverOptions } from '../connections/driver.ts'
import { IN_MEMORY } from '../connections/in-memory.ts'
import { makeFolder } from '../connections/make-folder.ts'
import { DatabaseFileError } from '../errors.ts'

export interface SqliteConfig {
  /** The file, absolute or from the root of the application; or `:memory:`. Its folder is created. */
  readonly file: string
  /** How long a write waits for another process, in milliseconds; default 5,000. */
  readonly busyTimeout?: number
}

/** Result codes of SQLite that speak of the file, and the two messages of better-sqlite3 that come without one. */
const UNAVAILABLE =
  /SQLITE_(NOTADB|CANTOPEN|CORRUPT|IOERR|READONLY|FULL|BUSY|LOCKED|PROTOCOL|PERM|AUTH)|Cannot open database|connection is not open/

/** The disk is full, or a limit on the size of files is reached. */
const NO_ROOM = /^SQLITE_(FULL|IOERR_WRITE)$/

/** With a write-ahead log readers and the writer do not wait for each other; it is safe with normal syncing. */
const PRAGMAS = ['pragma journal_mode = wal', 'pragma synchronous = normal']

/**
 * Configures an SQLite database.
 *
 * @example
 * ```ts
 * import { defineDatabase } from 'limber/database'
 * import { sqlite } from 'limber/database/sqlite'
 *
 * export default defineDatabase({
 *   default: 'main',
 *   connections: { main: sqlite({ file: 'storage/app.sqlite', busyTimeout: 2_000 }) },
 * })
 * ```
 */
export function sqlite({ file, busyTimeout = 5_000 }: SqliteConfig): Driver {
  return {
    name: 'sqlite',
    dialect: 'sqlite',
    label: `sqlite:${file}`,
    hasOneWriter: true,
    isInMemory: file === IN_MEMORY,
    ...(file === IN_MEMORY ? {} : { file }),
    scratch: () => sqlite({ file: IN_MEMORY }),
    isUnavailable: (error) => UNAVAILABLE.test(`${Reflect.get(error, 'code')} ${error.message}`),
    advise: (error) =>
      NO_ROOM.test(`${Reflect.get(error, 'code')}`)
        ? 'Make room on the disk that holds the file.'
        : undefined,
    probe(root) {
      // An open file that was deleted goes on answering, and everything written to it is lost.
      if (file !== IN_MEMORY && !existsSync(path.resolve(root, file))) throw new Error('the file is gone.')
    },
    async load(root) {
      const [{ SqliteDriver }, { CompiledQuery }, { rebuildWithoutForeignKeys }] = await Promise.all([
        import('@mikro-orm/sqlite'),
        import('kysely'),
        import('./rebuild-tables.ts'),
      ])
      class FileDriver extends SqliteDriver {
        constructor(...args: ConstructorParameters<typeof SqliteDriver>) {
          super(...args)
          const helper = this.getPlatform().getSchemaHelper()
          if (helper) rebuildWithoutForeignKeys(helper)
        }
      }
      const prepare = async (connection: unknown) => {
        for (const pragma of PRAGMAS) {
          // The ORM opens its connections through Kysely, and hands over what Kysely has opened.
          await (connection as DatabaseConnection).executeQuery(CompiledQuery.raw(pragma))
        }
      }
      const dbName = file === IN_MEMORY ? file : prepareFile(path.resolve(root, file))
      return {
        driver: FileDriver,
        dbName,
        onCreateConnection: prepare,
        ...connections(dbName, busyTimeout),
      }
    },
  }
}

/** A database in memory belongs to its one connection; a file has a second one, so that reads never wait for a writer. */
function connections(dbName: string, busyTimeout: number): Omit<DriverOptions, 'driver' | 'dbName'> {
  const driverOptions = { timeout: busyTimeout }
  if (dbName === IN_MEMORY) return { driverOptions }
  return { driverOptions, replicas: [{ name: 'read', dbName, driverOptions }], preferReadReplicas: true }
}

/** Creates the folder, and finds out now rather than in the first query that the file cannot be written. */
function prepareFile(file: string): string {
  const folder = path.dirname(file)
  try {
    makeFolder(folder)
    if (!statSync(folder).isDirectory()) throw new Error(`${folder} is not a folder`)
    accessSync(folder, constants.W_OK)
    if (!existsSync(file)) return file
    if (statSync(file).isDirectory()) throw new Error('it is a folder')
    accessSync(file, constants.W_OK)
  } catch (error) {
    throw new DatabaseFileError(file, error)
  }
  return file
}
