/** @module An application whose models change, on each kind of database, with a migration for each change. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Lazy } from 'limber'
import type { Connection, Driver, Row } from 'limber/database'
import { everyDatabase } from '../support/every-database.ts'
import { commandsIn, succeed, tempFolder, write } from '../support/library-application.ts'

/** Each command opens the database again, which in memory would be another one. */
export async function lastingDatabases() {
  return (await everyDatabase()).filter(({ title }) => title !== 'SQLite in memory')
}

export function project(driver: Driver) {
  const root = tempFolder()
  write(root, {})
  const folder = path.join(root, 'database/migrations')
  const files = () =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.ts'))
      .sort()
  const open = (models: readonly Lazy[]) => commandsIn({ root, driver, models })
  const run = async (models: readonly Lazy[], ...argv: string[]) => {
    const test = await open(models)
    return test.run('db', ...argv)
  }
  let eyes: Promise<Connection> | undefined
  const look = async () => {
    const test = await open([])
    await test.app.ready(['db'])
    return test.make('db.connection')
  }
  return {
    root,
    folder,
    files,
    run,
    latest: () => readFileSync(path.join(folder, files().at(-1) ?? ''), 'utf8'),
    recorded: () => readFileSync(path.join(folder, 'schema.json'), 'utf8'),
    /** Runs a command that has to succeed. */
    async command(models: readonly Lazy[], ...argv: string[]) {
      return succeed(await open(models), 'db', ...argv)
    },
    /** Asks the database on a connection that stays the same. */
    async sql(statement: string): Promise<Row[]> {
      eyes ??= look()
      return (await eyes).execute(statement)
    },
  }
}

export const NOTHING = 'The migrations describe the models as they are: nothing to write.\n'
