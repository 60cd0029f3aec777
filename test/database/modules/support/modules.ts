/** @module Applications whose modules have databases of their own, on each kind of database. */
import path from 'node:path'
import type { Application } from 'limber'
import { type Connection, connectionNameOf, type Driver, Model, ModuleDrivers } from 'limber/database'
import { Entity, type Opt, Property } from 'limber/database/mapping'
import { onTestFinished } from 'vitest'
import { bootLibrary, tempFolder } from '../../support/library-application.ts'
import { administer, isThere, MARIADB, ownDatabase, POSTGRES, type Server } from '../../support/servers.ts'

/** A class of its own for each call, all for a table of the same name: as modules have them. */
export function pointsModel() {
  @Entity({ tableName: 'points' })
  class Points extends Model {
    static override softDelete = true

    @Property({ unique: true })
    owner!: string

    @Property({ type: 'integer', default: 0 })
    amount: Opt<number> = 0
  }
  return Points
}

export type PointsModel = ReturnType<typeof pointsModel>

export interface OpenModule {
  readonly name: string
  readonly connection: Connection
  readonly model: PointsModel
}

export interface ModulesApplication {
  readonly app: Application
  readonly drivers: ModuleDrivers
  readonly root: string
  /** Adds a module with a table of points. */
  add(module: string, model?: PointsModel): Promise<OpenModule>
}

export interface ModulesOptions {
  readonly main?: Driver
  readonly database?: string | Driver
  readonly pool?: { readonly max?: number; readonly acquireTimeout?: number; readonly idleTimeout?: number }
  readonly scratch?: boolean
  readonly autoCommit?: boolean
}

/** An application with the library of the other tests on its default connection, which has its tables. */
export async function openApplication({
  main,
  database,
  pool,
  ...others
}: ModulesOptions = {}): Promise<ModulesApplication> {
  const root = tempFolder()
  const { app } = await bootLibrary({ root, ...(main && { driver: main }), database: others })
  await app.ready(['db'])
  const db = app.make('db')
  if (!main?.isOff) await db.connection().schema.create()
  const drivers = new ModuleDrivers(app, {
    storage: path.join(root, 'modules'),
    ...(database !== undefined && { database }),
    ...(pool && { pool }),
  })
  const add = async (module: string, model = pointsModel()) => {
    const name = connectionNameOf(module)
    const driver = await drivers.for(module)
    const connection = await db.add({ name, driver, models: [model], module })
    await connection.schema.update()
    return { name, connection, model }
  }
  return { app, drivers, root, add }
}

/** The same on a server, with databases that end with the test. */
export async function openOn(
  server: Server,
  options: ModulesOptions = {},
): Promise<ModulesApplication & { readonly database: string }> {
  const database = await ownDatabase(server)
  if (server !== POSTGRES) onTestFinished(() => dropDatabases(server, `${database}_module_`))
  const main = server.driver({ database, pool: { max: 2 } })
  return { ...(await openApplication({ main, database: 'shared', ...options })), database }
}

/** Those of modules on MariaDB are beside that of the application. */
async function dropDatabases(server: Server, prefix: string): Promise<void> {
  const names = [...NAMES, 'other'].map((name) => `${prefix}${name.replaceAll('-', '_')}`)
  await administer(server, ...names.map((name) => `drop database if exists \`${name}\``))
}

export const NAMES = ['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'user-points', 'shop', 'wiki']

export interface Kind {
  readonly title: string
  open(options?: ModulesOptions): Promise<ModulesApplication>
}

/** SQLite, and of the servers those that are there. */
export async function everyKind(): Promise<Kind[]> {
  return [{ title: 'SQLite', open: openApplication }, ...(await serverKinds())]
}

export async function serverKinds() {
  const kinds: (Kind & { readonly server: Server })[] = []
  for (const server of [POSTGRES, MARIADB]) {
    if (await isThere(server))
      kinds.push({ title: server.title, server, open: (options?: ModulesOptions) => openOn(server, options) })
  }
  return kinds
}
