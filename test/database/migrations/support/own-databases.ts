/** @module An empty database on each of the three dialects, its URL, and eyes on it that share nothing with the processes. */
import { createRequire } from 'node:module'
import path from 'node:path'
import type { Dialect } from 'limber/database'
import { bootLibrary, tempFolder } from '../../support/library-application.ts'
import { emptyDatabase, isThere, MARIADB, POSTGRES, type Server } from '../../support/servers.ts'

export type Rows = readonly Readonly<Record<string, unknown>>[]

export interface OwnDatabase {
  readonly dialect: Dialect
  readonly url: string
  /** Asks it on a connection of the test. */
  ask(sql: string): Promise<Rows>
  /** Before the end of the test, which does it too. */
  close?(): Promise<void>
}

export interface DatabaseKind {
  readonly title: string
  readonly dialect: Dialect
  /** The server, where there is one. */
  readonly server?: Server
  /** Gives one that is removed when the test ends. */
  create(): Promise<OwnDatabase>
}

export const SQLITE: DatabaseKind = {
  title: 'SQLite',
  dialect: 'sqlite',
  create: async () => sqliteFile(path.join(tempFolder(), 'own.sqlite')),
}

/** SQLite, and of the servers those that are there. */
export async function everyKind(): Promise<DatabaseKind[]> {
  return [SQLITE, ...(await serverKinds())]
}

export async function serverKinds(servers: readonly Server[] = [POSTGRES, MARIADB]): Promise<DatabaseKind[]> {
  const kinds: DatabaseKind[] = []
  for (const server of servers) {
    if (!(await isThere(server))) continue
    const dialect = dialectOf(server)
    const create = async () => onServer(server, await emptyDatabase(server))
    kinds.push({ title: server.title, dialect, server, create })
  }
  return kinds
}

/** Opened for each question: a process that was killed leaves a file that whoever opens it next has to put in order. */
export function sqliteFile(file: string): OwnDatabase {
  return {
    dialect: 'sqlite',
    url: `sqlite:${file}`,
    async ask(sql) {
      const raw = new RawSqlite(file, { timeout: 10_000 })
      try {
        const statement = raw.prepare(sql)
        if (statement.reader) return statement.all()
        statement.run()
        return []
      } finally {
        raw.close()
      }
    },
  }
}

export async function onServer(server: Server, database: string): Promise<OwnDatabase> {
  const { app } = await bootLibrary({
    driver: server.driver({ database, pool: { max: 1 } }),
    models: [],
    root: tempFolder(),
  })
  await app.ready(['db'])
  const connection = app.make('db.connection')
  return {
    dialect: dialectOf(server),
    url: urlOf(server, database),
    ask: (sql) => connection.execute(sql),
    close: () => app.stop(),
  }
}

/** The URL of a database of a server, for somebody else when a name and a password are given. */
export function urlOf(server: Server, database: string, user?: string, password?: string): string {
  const { protocol, host, username, password: own } = new URL(server.url)
  const login = user === undefined ? [username, own] : [user, encodeURIComponent(password ?? '')]
  return `${protocol}//${login.filter((part) => part !== '').join(':')}@${host}/${database}`
}

function dialectOf(server: Server): Dialect {
  return server.driver().dialect
}

interface Statement {
  readonly reader: boolean
  all(): Rows
  run(): unknown
}

// The package has no types: the interface is the part that is used.
const RawSqlite = createRequire(import.meta.url)('better-sqlite3') as new (
  file: string,
  options: { readonly timeout: number },
) => { prepare(sql: string): Statement; close(): void }
