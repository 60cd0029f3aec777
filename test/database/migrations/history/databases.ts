/** @module The databases of a history: one that migrations change, and one that is made from the models. */
import path from 'node:path'
import { type Connection, type Driver, fromUrl } from 'limber/database'
import { bootLibrary, tempFolder } from '../../support/library-application.ts'
import { emptyDatabase, type Server } from '../../support/servers.ts'

export interface HistoryDatabase {
  readonly title: string
  /** An empty database that is removed when the test ends. */
  create(): Promise<Driver>
}

export const SQLITE: HistoryDatabase = {
  title: 'SQLite',
  create: async () => fromUrl(`sqlite:${path.join(tempFolder(), 'history.sqlite')}`),
}

export function onServer(server: Server): HistoryDatabase {
  return {
    title: server.title,
    create: async () => server.driver({ database: await emptyDatabase(server) }),
  }
}

/** Somebody who knows no models, and looks at the database by SQL. */
export async function observe(driver: Driver): Promise<Connection> {
  const { app } = await bootLibrary({ driver, models: [] })
  await app.ready(['db'])
  return app.make('db.connection')
}

const TABLES = {
  sqlite: "select name from sqlite_master where type = 'table' and name not like 'sqlite\\_%' escape '\\'",
  postgres: 'select 1 as name where false',
  mysql: 'select table_name as name from information_schema.tables where table_schema = schema()',
}

/** Removes every table, and creates others. */
export async function empty(connection: Connection, creating: readonly string[] = []): Promise<void> {
  const { dialect } = connection.driver
  await connection.exclusive(async (run) => {
    const names = (await run(TABLES[dialect])).map(({ name }) => String(name))
    for (const statement of emptying(dialect, names, creating)) await run(statement)
  })
}

function emptying(
  dialect: Driver['dialect'],
  names: readonly string[],
  creating: readonly string[],
): readonly string[] {
  const all = names.map((name) => `\`${name}\``)
  if (dialect === 'postgres') return ['drop schema public cascade', 'create schema public', ...creating]
  if (dialect === 'sqlite') {
    const drops = all.map((name) => `drop table ${name}`)
    return ['pragma foreign_keys = off', ...drops, 'pragma foreign_keys = on', ...creating]
  }
  const drops = all.length > 0 ? [`drop table ${all.join(', ')}`] : []
  return ['set foreign_key_checks = 0', ...drops, ...creating, 'set foreign_key_checks = 1']
}

export function quoted(dialect: Driver['dialect'], name: string): string {
  return dialect === 'postgres' ? `"${name}"` : `\`${name}\``
}
