/** @module Databases with the tables of a bot, and applications on them. */
import type { Application } from 'limber'
import type { Driver, Row } from 'limber/database'
import { type AnyDatabase, everyDatabase } from '../support/every-database.ts'
import { bootLibrary } from '../support/library-application.ts'
import type { UpdatePlace } from './update-store-contract.ts'

export const databases: AnyDatabase[] = await everyDatabase()
/** In memory, each application would have another one. */
export const shared = databases.filter(({ title }) => title !== 'SQLite in memory')

export interface BotPlace extends UpdatePlace {
  readonly app: Application
  rows(sql: string): Promise<readonly Row[]>
}

/** An application that has nothing else in its database. */
export async function openBot(driver: Driver, connections: Readonly<Record<string, Driver>> = {}) {
  const { app } = await bootLibrary({ driver, models: [], connections })
  return botOf(app)
}

export async function botOf(app: Application, connection?: string): Promise<BotPlace> {
  await app.ready(['db.updates', 'db.bot-rules'])
  const store = app.make('db.updates').on(connection)
  if (!store) throw new Error('The database is switched off.')
  await store.prepare()
  return {
    app,
    store,
    unit: (work) => app.scope(work),
    rows: (sql) => app.make('db').connection(connection).execute(sql),
  }
}
