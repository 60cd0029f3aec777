/** @module A library on each kind of database, with eyes on it that share nothing with the application. */
import type { Application } from 'limber'
import type { Session } from 'limber/database'
import { Author, Book } from '../fixtures/library.ts'
import { bootLibrary, type LibraryOptions, openLibrary } from './library-application.ts'
import { administer, emptyDatabase, MARIADB, POSTGRES, type Server } from './servers.ts'

export interface Place {
  readonly app: Application
  /** What is saved, asked on another connection. */
  rows(sql: string): Promise<readonly object[]>
  /** How many transactions are open, of whomever. */
  openTransactions(): Promise<number>
  /** Makes the commit of the session fail, after every statement before it has succeeded. */
  failCommit(session: Session): Promise<void>
}

/** A note may name an author who does not exist until the transaction is committed, where the database allows that. */
const DANGLING_NOTE = 'insert into note (author_id) values (99)'
const DEFERRED = 'author_id integer references author (id) deferrable initially deferred'

export async function onSqlite(options: LibraryOptions): Promise<Place> {
  const { app, raw, rows } = await openLibrary(options)
  raw.exec(`create table note (id integer primary key, ${DEFERRED})`)
  return {
    app,
    rows: async (sql) => rows(sql),
    async openTransactions() {
      // Fails while anybody else writes.
      raw.exec('begin immediate; rollback')
      return 0
    },
    failCommit: async (session) => void (await session.execute(DANGLING_NOTE)),
  }
}

export function onPostgres(options: LibraryOptions): Promise<Place> {
  return onServer(POSTGRES, options, {
    note: `create table note (id serial primary key, ${DEFERRED})`,
    open: "select pid from pg_stat_activity where datname = current_database() and state like 'idle in%'",
    failCommit: async (session) => void (await session.execute(DANGLING_NOTE)),
  })
}

/** MariaDB checks everything with the statement: there only the end of the connection makes a commit fail. */
export function onMariaDb(options: LibraryOptions): Promise<Place> {
  return onServer(MARIADB, options, {
    note: 'create table note (id int auto_increment primary key, author_id int)',
    open: `select trx_id from information_schema.innodb_trx
      join information_schema.processlist on id = trx_mysql_thread_id where db = database()`,
    async failCommit(session) {
      await session.flush()
      await session.execute(DANGLING_NOTE)
      const [row] = await session.execute<{ id: number }[]>('select connection_id() as id')
      await administer(MARIADB, `kill ${row?.id}`)
    },
  })
}

interface ServerWays extends Pick<Place, 'failCommit'> {
  readonly note: string
  readonly open: string
}

async function onServer(
  server: Server,
  options: LibraryOptions,
  { note, open, failCommit }: ServerWays,
): Promise<Place> {
  const database = await emptyDatabase(server)
  const { app } = await bootLibrary({
    ...options,
    driver: server.driver({ database }),
    models: [Author, Book],
  })
  const other = await bootLibrary({ driver: server.driver({ database }), models: [] })
  await Promise.all([app.ready(['db']), other.app.ready(['db'])])
  await app.make('db.connection').schema.create()
  const eyes = other.app.make('db.connection')
  await eyes.execute(note)
  await eyes.execute("insert into author (name) values ('Mary Shelley')")
  return {
    app,
    rows: (sql) => eyes.execute(sql),
    openTransactions: async () => (await eyes.execute(open)).length + app.make('db.connection').pool.inUse,
    failCommit,
  }
}
