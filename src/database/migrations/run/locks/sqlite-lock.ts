/** @module The lock of an SQLite database: a transaction on a small database beside it, which the system drops with its process. */
import { randomUUID } from 'node:crypto'
import { existsSync, realpathSync } from 'node:fs'
import { hostname } from 'node:os'
import { MikroORM, type Options } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'
import type { Connection, Row } from '../../../connections/connection.ts'
import { databaseFile } from '../database-file.ts'
import type { MigrationLock } from './migration-lock.ts'

/** Nobody else can migrate a database in memory. */
export async function sqliteLock(connection: Connection): Promise<MigrationLock | undefined> {
  const file = databaseFile(connection)
  if (file === undefined) return undefined
  // A link to the database, as in the folder of a release, is the same database.
  const name = `${existsSync(file) ? realpathSync(file) : file}.migrating`
  return lockOnFile(name, connection.orm.config.get('driver'))
}

/** The lock that a small database of its own is: it is created, and stays. */
export function lockOnFile(file: string, driver: Options['driver'] & object): MigrationLock {
  const side = new MikroORM({
    driver,
    dbName: file,
    // Waiting inside a statement would stop the event loop of this process.
    driverOptions: { timeout: 0 },
    entities: [],
    ensureDatabase: false,
    discovery: { warnWhenNoEntities: false },
    logger: () => undefined,
  })
  const own = (side.em as SqlEntityManager).getConnection()
  const run = (sql: string, parameters: unknown[] = []) => own.execute<Row[]>(sql, parameters, 'all')
  return { ...lockThrough(run), close: () => side.close() }
}

type Run = (sql: string, parameters?: unknown[]) => Promise<Row[]>

/** Whoever holds the lock has written its name before: those who wait can read, as nothing is written under the lock. */
function lockThrough(run: Run): MigrationLock {
  const token = randomUUID()
  return {
    tryAcquire: () =>
      unlessBusy(run, async () => {
        await run('begin immediate')
        await run(
          'create table if not exists holder (id integer primary key, token text not null, name text not null)',
        )
        const name = `process ${process.pid} on ${hostname()}`
        await run('insert or replace into holder (id, token, name) values (1, ?, ?)', [token, name])
        await run('commit')
        await run('begin immediate')
        const [holder] = await run('select token from holder')
        if (holder?.token === token) return true
        // Another one was between the two: it will try again, as we do.
        await run('rollback')
        return false
      }),
    async holder() {
      let name: string | undefined
      await unlessBusy(run, async () => {
        const [holder] = await run('select name from holder')
        name = holder ? String(holder.name) : undefined
        return true
      })
      return name
    },
    release: async () => void (await run('rollback')),
  }
}

async function unlessBusy(run: Run, work: () => Promise<boolean>): Promise<boolean> {
  try {
    return await work()
  } catch (error) {
    if (!isBusy(error)) throw error
    // A commit that finds a reader leaves its transaction open.
    await run('rollback').catch(() => undefined)
    return false
  }
}

function isBusy(error: unknown): boolean {
  return (
    error instanceof Error &&
    /SQLITE_BUSY|database is locked/.test(`${Reflect.get(error, 'code')} ${error.message}`)
  )
}
