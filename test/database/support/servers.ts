/** @module The database servers that tests run on, each test with a database of its own. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Application } from 'limber'
import { DatabaseServiceProvider, type Driver, type Row } from 'limber/database'
import { mysql } from 'limber/database/mysql'
import { type PostgresConfig, postgres } from 'limber/database/postgres'
import { pino } from 'pino'
import { afterAll, onTestFinished, test } from 'vitest'
import type { PrivateServer } from '../../support/private-server.ts'

export interface Server {
  readonly title: string
  readonly variable: string
  readonly url: string
  /** A driver for a database of the server, with options. */
  driver(options?: ServerTestOptions): Driver
}

export interface ServerTestOptions {
  readonly database?: string
  readonly host?: string
  readonly port?: number
  readonly password?: string
  readonly schema?: string
  readonly pool?: { readonly max?: number; readonly acquireTimeout?: number }
  readonly connectTimeout?: number
  readonly tls?: NonNullable<PostgresConfig['tls']>
  readonly replicas?: readonly {
    readonly host?: string
    readonly port?: number
    readonly database?: string
  }[]
}

function server(
  title: string,
  variable: string,
  fallback: string,
  make: typeof mysql | typeof postgres,
): Server {
  const url = process.env[variable] ?? fallback
  const { hostname, port, username, password, pathname } = new URL(url)
  const fields = {
    host: hostname,
    port: Number(port),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: pathname.slice(1),
  }
  return { title, variable, url, driver: (options) => make({ ...fields, ...options }) }
}

export const POSTGRES = server(
  'PostgreSQL',
  'LIMBER_TEST_POSTGRES_URL',
  'postgres://root@127.0.0.1:5432/postgres',
  postgres,
)
export const MARIADB = server('MariaDB', 'LIMBER_TEST_MYSQL_URL', 'mysql://root@127.0.0.1:3306/test', mysql)

/** A server that a test file has for itself. */
export function serverOf({ title, port, user, password, database }: PrivateServer): Server {
  const isPostgres = title === POSTGRES.title
  const url = `${isPostgres ? 'postgres' : 'mysql'}://${user}:${password}@127.0.0.1:${port}/${database}`
  return server(title, '', url, isPostgres ? postgres : mysql)
}

/** Whether a server is there. Without it, one line says how to get its tests to run, or fails where it is required. */
export async function isThere({ title, url, variable }: Server): Promise<boolean> {
  if (await accepts(url)) return true
  const where = `${title} at ${new URL(url).host}`
  if (process.env.LIMBER_TEST_SERVICES === 'required') {
    test(`${where} is there`, () => {
      throw new Error(`${where} does not answer, and LIMBER_TEST_SERVICES says that it is required.`)
    })
  } else {
    const reason = `skipped: there is no ${where}; start one, or set ${variable}`
    // The default reporter does not name what it skips.
    console.warn(reason)
    test.skip(reason, () => undefined)
  }
  return false
}

function accepts(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port), timeout: 1_000 })
    const end = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket
      .once('connect', () => end(true))
      .once('error', () => end(false))
      .once('timeout', () => end(false))
  })
}

/** Runs statements on the server, outside of the database of a test, also when that test is over. */
export async function administer(server: Server, ...statements: string[]): Promise<void> {
  await runOn(server.driver(), ...statements)
}

/** Gives the rows of all of them. */
async function runOn(driver: Driver, ...statements: string[]): Promise<Row[]> {
  const root = mkdtempSync(path.join(tmpdir(), 'limber-administer-'))
  const database = { default: 'main', connections: { main: driver } }
  const providers = [(app: Application) => new DatabaseServiceProvider(app)]
  const app = new Application({ root, config: { database }, providers })
  app.instance('log', pino({ level: 'silent' }))
  try {
    await app.boot()
    await app.ready(['db'])
    const rows: Row[] = []
    for (const statement of statements) rows.push(...(await app.make('db.connection').execute(statement)))
    return rows
  } finally {
    await app.stop()
    rmSync(root, { recursive: true })
  }
}

/** Creates a database that is removed when the test ends, with those of modules beside it, and gives its name. */
export async function ownDatabase(server: Server): Promise<string> {
  const name = newName()
  const isPostgres = server.title === POSTGRES.title
  onTestFinished(async () => {
    await administer(server, `drop database if exists ${name}${isPostgres ? ' with (force)' : ''}`)
    if (!isPostgres) await dropBeside(server, name)
  })
  await administer(server, `create database ${name}`)
  return name
}

/** On MariaDB modules have databases of their own. */
async function dropBeside(server: Server, name: string): Promise<void> {
  const like = `${name}_module_`.replaceAll('_', '!_')
  const select = `select schema_name as name from information_schema.schemata where schema_name like '${like}%' escape '!'`
  const found = await runOn(server.driver(), select)
  if (found.length > 0) await administer(server, ...found.map((row) => `drop database \`${row.name}\``))
}

const newName = () => `limber_test_${process.pid}_${randomBytes(4).toString('hex')}`

/** The databases of PostgreSQL that the tests of this file take turns in, and those of them that are free. */
const shared: string[] = []
const free: string[] = []

afterAll(() =>
  shared.length > 0
    ? administer(POSTGRES, ...shared.map((name) => `drop database if exists ${name} with (force)`))
    : undefined,
)

const DISCONNECT = `select pg_terminate_backend(pid, 10000) from pg_stat_activity
  where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`

/** As a new database is. */
const EMPTY = `do $$
declare name text;
begin
  for name in select nspname from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema' loop
    execute format('drop schema %I cascade', name);
  end loop;
  create schema public;
  grant usage on schema public to public;
end $$`

/**
 * Gives the name of a database that is empty, and that nobody uses any more when the test has ended: for tests that make
 * schemas and what is in them, but change neither roles nor the database itself.
 *
 * PostgreSQL takes a fifth of a second of a processor to make one and to drop it: there it is emptied for the next test.
 */
export async function emptyDatabase(server: Server): Promise<string> {
  if (server !== POSTGRES) return ownDatabase(server)
  const name = free.pop() ?? (await createShared())
  onTestFinished(async () => {
    await runOn(server.driver({ database: name }), DISCONNECT, EMPTY)
    free.push(name)
  })
  return name
}

async function createShared(): Promise<string> {
  const name = newName()
  shared.push(name)
  await administer(POSTGRES, `create database ${name}`)
  return name
}
