/** @module A database with the models of the publishing house, whose rows are looked at by raw SQL. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Application } from 'limber'
import { DatabaseServiceProvider, type Driver, fromUrl, type Session } from 'limber/database'
import { pino } from 'pino'
import { isThere, MARIADB, POSTGRES } from '../support/servers.ts'
import { MODELS } from './models.ts'
import { DATABASES } from './paths.ts'

export type Row = Readonly<Record<string, unknown>>

export interface World extends AsyncDisposable {
  readonly app: Application
  readonly dialect: 'sqlite' | 'postgres' | 'mysql'
  /** Runs a unit of work. */
  scope<T>(work: (session: Session) => T | Promise<T>): Promise<T>
  /** Looks at rows outside of every session. */
  sql(statement: string, parameters?: readonly unknown[]): Promise<Row[]>
  /** The keys, or the values of one column, of the live rows of a table, in order. */
  live(table: string, column?: string): Promise<unknown[]>
  /** The same of the rows in the trash. */
  trashed(table: string, column?: string): Promise<unknown[]>
  /** Empties every table, and lets keys begin with 1 again. */
  clear(): Promise<void>
}

export interface Database {
  readonly title: string
  readonly create: (folder: string) => Driver
}

/** The databases of the tests, each empty when it is created and gone when it is closed. */
export async function databases(): Promise<Database[]> {
  const sqlite: Database = {
    title: DATABASES.sqlite,
    create: (folder) => fromUrl(`sqlite:${path.join(folder, 'soft.sqlite')}`),
  }
  const servers = []
  const known = [
    [DATABASES.postgres, POSTGRES],
    [DATABASES.mysql, MARIADB],
  ] as const
  for (const [title, server] of known) {
    if (await isThere(server)) servers.push({ title, create: () => server.driver().scratch() })
  }
  return [sqlite, ...servers]
}

const STAMPS: Readonly<Record<string, string>> = { edition: 'withdrawn_at' }

export async function openWorld(
  { create }: Database,
  models: readonly (new (...args: never[]) => object)[] = MODELS,
): Promise<World> {
  const folder = mkdtempSync(path.join(tmpdir(), 'limber-soft-'))
  const driver = create(folder)
  const app = new Application({
    root: folder,
    config: {
      app: { name: 'house', models, providers: [] },
      // Random work repeats itself.
      database: { default: 'main', connections: { main: driver }, insight: { repeated: 'off' } },
    },
    providers: [(own) => new DatabaseServiceProvider(own)],
  })
  app.instance('log', pino({ level: 'silent' }))
  await app.boot()
  await app.ready(['db'])
  const connection = app.make('db.connection')
  await connection.schema.create()
  const { dialect } = driver
  const sql: World['sql'] = (statement, parameters = []) => connection.execute(statement, parameters)
  const column = async (table: string, name: string, condition: string) => {
    const stamp = STAMPS[table] ?? 'deleted_at'
    const rows = await sql(
      `select ${name} as value from ${table} where ${stamp} ${condition} order by ${name}`,
    )
    return rows.map(({ value }) => value)
  }
  const tables = (await sql(TABLES[dialect])).map(({ name }) => String(name))
  return {
    app,
    dialect,
    sql,
    scope: (work) => app.scope(() => work(app.make('db.session'))),
    live: (table, name = 'id') => column(table, name, 'is null'),
    trashed: (table, name = 'id') => column(table, name, 'is not null'),
    async clear() {
      await connection.exclusive(async (run) => {
        for (const statement of emptying(dialect, tables)) await run(statement)
      })
    },
    async [Symbol.asyncDispose]() {
      await app.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const TABLES = {
  sqlite: "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'",
  postgres: 'select table_name as name from information_schema.tables where table_schema = current_schema()',
  mysql: 'select table_name as name from information_schema.tables where table_schema = schema()',
}

function emptying(dialect: World['dialect'], tables: readonly string[]): string[] {
  if (dialect === 'postgres') return [`truncate ${tables.join(', ')} restart identity cascade`]
  if (dialect === 'mysql') {
    const each = tables.map((table) => `truncate table ${table}`)
    return ['set foreign_key_checks = 0', ...each, 'set foreign_key_checks = 1']
  }
  const each = tables.map((table) => `delete from ${table}`)
  return ['pragma foreign_keys = off', ...each, 'delete from sqlite_sequence', 'pragma foreign_keys = on']
}
