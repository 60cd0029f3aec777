/** @module The four databases that a promise has to hold on; of the servers, those that are there. */
import path from 'node:path'
import type { Driver, Session } from 'limber/database'
import { fromUrl } from 'limber/database'
import { sqlite } from 'limber/database/sqlite'
import { Item, Shelf } from '../fixtures/warehouse.ts'
import { bootLibrary, tempFolder } from './library-application.ts'
import { emptyDatabase, isThere, MARIADB, POSTGRES, type ServerTestOptions } from './servers.ts'

export interface AnyDatabase {
  readonly title: string
  /** A driver for a database that is empty, and that is removed when the test ends. */
  create(options?: ServerTestOptions): Promise<Driver>
}

export async function everyDatabase(): Promise<AnyDatabase[]> {
  const databases: AnyDatabase[] = [
    {
      title: 'SQLite in a file',
      create: async () => sqlite({ file: path.join(tempFolder(), 'every.sqlite') }),
    },
    { title: 'SQLite in memory', create: async () => fromUrl('sqlite::memory:') },
  ]
  for (const server of [POSTGRES, MARIADB]) {
    if (!(await isThere(server))) continue
    const create = async (options: ServerTestOptions = {}) =>
      server.driver({ ...options, database: await emptyDatabase(server) })
    databases.push({ title: server.title, create })
  }
  return databases
}

/** Boots an application on it, with one shelf named "first". */
export async function openWarehouse(database: AnyDatabase, options?: ServerTestOptions) {
  const { app } = await bootLibrary({ driver: await database.create(options), models: [Shelf, Item] })
  await app.ready(['db'])
  const connection = app.make('db.connection')
  await connection.schema.create()
  await connection.execute("insert into shelf (name, count, version) values ('first', 0, 1)")
  const { dialect } = connection.driver
  return {
    app,
    connection,
    isSqlite: dialect === 'sqlite',
    isMysql: dialect === 'mysql',
    isPostgres: dialect === 'postgres',
    inScope: <T>(work: (session: Session) => T | Promise<T>) => app.scope(() => work(app.make('db.session'))),
    names: async () =>
      (await connection.execute('select name from shelf order by id')).map(({ name }) => name),
  }
}

export const addShelf = (session: Session, name: string) =>
  session.execute('insert into shelf (name, count, version) values (?, 0, 1)', [name])
