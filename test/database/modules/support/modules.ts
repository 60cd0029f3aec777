/** @module Applications whose modules have databases of their own, on each kind of database. */
import path from 'node:path'
import type { Application } from 'limber'
import { type Connection, connectionNameOf, type Driver, Model, ModuleDrivers } from 'limber/database'
import { Entity, Property } from 'limber/database/mapping'
import { bootLibrary, tempFolder } from '../../support/library-application.ts'
import { ownDatabase, type Server } from '../../support/servers.ts'

/** A class of its own for each call, all for a table of the same name: as modules have them. */
export function pointsModel() {
  @Entity({ tableName: 'points' })
  class Points extends Model {
    static override softDelete = true

    @Property({ unique: true })
    owner!: string

    @Property({ default: 0 })
    amount: number = 0
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

/** The same on a server, with a database that ends with the test; those of modules on MariaDB as well. */
export async function openOn(
  server: Server,
  options: ModulesOptions = {},
): Promise<ModulesApplication & { readonly database: string }> {
  const database = await ownDatabase(server)
  const main = server.driver({ database, pool: { max: 2 } })
  return { ...(await openApplication({ main, database: 'shared', ...options })), database }
}

export const NAMES = ['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'user-points', 'shop', 'wiki']
