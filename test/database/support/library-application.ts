/** @module An application with a library on an SQLite file of its own, and a second pair of eyes on that file. */
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Application, type Lazy, type ServiceProviderClass } from 'limber'
import { DatabaseServiceProvider, type Driver, fromUrl } from 'limber/database'
import { createTestApplication, type TestApplication } from 'limber/testing'
import { pino } from 'pino'
import { onTestFinished } from 'vitest'
import { Author, Book } from '../fixtures/library.ts'

export type Value = string | number | null
export type RawRow = Record<string, Value>

/** What the tests use of better-sqlite3, which comes without types. */
export interface RawDatabase {
  prepare(sql: string): {
    all(...parameters: Value[]): RawRow[]
    run(...parameters: Value[]): { changes: number; lastInsertRowid: number }
  }
  exec(sql: string): void
  close(): void
}

// The package has no types: the interface above is the part that is used.
const RawSqlite = createRequire(import.meta.url)('better-sqlite3') as new (
  file: string,
  options?: { timeout?: number; readonly?: boolean },
) => RawDatabase

/** A folder that is removed when the test ends. */
export function tempFolder(): string {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'limber-database-')))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Writes files into a folder in which `limber` and its dependencies can be imported. */
export function write(folder: string, files: Readonly<Record<string, string>>): void {
  const packages = path.join(folder, 'node_modules')
  if (!existsSync(packages)) {
    mkdirSync(packages)
    symlinkSync(path.resolve('.'), path.join(packages, 'limber'), 'dir')
  }
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    writeFileSync(path.join(folder, name), text)
  }
}

/** A connection that belongs to nobody else, and that does not wait. */
export function openRaw(file: string): RawDatabase {
  const raw = new RawSqlite(file, { timeout: 0 })
  onTestFinished(() => raw.close())
  return raw
}

export interface LibraryOptions {
  readonly root?: string
  readonly models?: readonly Lazy[]
  readonly driver?: Driver
  readonly connections?: Readonly<Record<string, Driver>>
  readonly providers?: readonly ServiceProviderClass[]
  readonly database?: Readonly<Record<string, unknown>>
}

/** Boots an application; its database has no tables yet. */
export async function bootLibrary(options: LibraryOptions = {}): Promise<{ app: Application; file: string }> {
  const root = options.root ?? tempFolder()
  const main = options.driver ?? fromUrl('sqlite:library.sqlite')
  const config = {
    app: { name: 'library', models: options.models ?? [Author, Book], providers: [] },
    database: { default: 'main', connections: { main, ...options.connections }, ...options.database },
    log: { level: 'silent' },
  }
  const providers = [DatabaseServiceProvider, ...(options.providers ?? [])]
  const app = new Application({ root, config, providers: providers.map((P) => (app) => new P(app)) })
  app.instance('log', pino({ level: 'silent' }))
  await app.boot()
  onTestFinished(() => app.stop())
  return { app, file: path.join(root, 'library.sqlite') }
}

/** Boots an application whose tables exist, with one author and two books. */
export async function openLibrary(options: LibraryOptions = {}) {
  const { app, file } = await bootLibrary(options)
  await app.ready(['db'])
  const connection = app.make('db.connection')
  await connection.schema.create()
  if (!options.models) {
    await connection.execute("insert into author (id, name) values (1, 'Mary Shelley')")
    await connection.execute(
      "insert into book (id, title, author_id) values (1, 'Frankenstein', 1), (2, 'The Last Man', 1)",
    )
  }
  const raw = openRaw(file)
  return {
    app,
    file,
    raw,
    connection,
    rows: (sql: string, ...parameters: Value[]) => raw.prepare(sql).all(...parameters),
    titles: () =>
      raw
        .prepare('select title from book order by id')
        .all()
        .map((row) => row.title),
  }
}

export interface CommandOptions {
  readonly root: string
  readonly driver?: Driver
  readonly models?: readonly Lazy[]
  readonly providers?: readonly ServiceProviderClass[]
  /** What else stands in `config/database.ts`. */
  readonly database?: Readonly<Record<string, unknown>> | undefined
}

/** The application of a folder, on a database file in it, whose commands can be run. */
export async function commandsIn(options: CommandOptions): Promise<TestApplication> {
  const { root, models = [], providers = [], driver = fromUrl('sqlite:library.sqlite') } = options
  const config = {
    app: { name: 'library', models, providers: [DatabaseServiceProvider, ...providers] },
    database: { default: 'main', connections: { main: driver }, ...options.database },
  }
  mkdirSync(path.join(root, 'config'), { recursive: true })
  const test = await createTestApplication({ root, config, database: 'configured' })
  onTestFinished(() => test[Symbol.asyncDispose]())
  return test
}

/** Runs a command that has to succeed, and gives what it said. */
export async function succeed(test: TestApplication, ...argv: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await test.run(...argv)
  if (exitCode !== 0) throw new Error(`limber ${argv.join(' ')} gave ${exitCode}: ${stderr}`)
  return stdout
}
