/** @module Chooses where the database of each module is. */
import path from 'node:path'
import type { Application } from '../../application/application.ts'
import { attemptAll, throwAll } from '../../errors/attempt-all.ts'
import { MODULE_NAME } from '../../support/module-name.ts'
import type { Driver, SharedServer } from '../connections/driver.ts'
import { resolveDriver } from '../connections/resolve-driver.ts'
import { DatabaseOffError } from '../errors.ts'
import type { PoolOptions } from '../server/server-config.ts'
import { sqlite } from '../sqlite/sqlite-driver.ts'
import { ModuleDatabaseDriverError, ModuleDatabaseNameError } from './errors.ts'
import { MODULE_STORAGE } from './module-storage.ts'

/** What `config/modules.ts` says of the databases of modules. */
export type ModuleDatabaseChoice = 'files' | 'shared' | 'off' | (string & {}) | Driver

export interface ModuleDriverSettings {
  /** The folder of what belongs to modules, from the root: databases, copies, what is enabled; default `storage/modules`. */
  readonly storage?: string
  /**
   * Where the databases of modules are: `files` gives each an SQLite file in `storage`; `shared` gives each a schema
   * (PostgreSQL) or a database (MariaDB, MySQL) on the server of the default connection; a URL or a driver names another
   * server; `off` switches them off. Default: `files`, and `off` in an application without `DatabaseServiceProvider` or
   * whose default connection is off.
   */
  readonly database?: ModuleDatabaseChoice
  /** By module, instead of `database`: one that has a server of its own, or none. */
  readonly databases?: Readonly<Record<string, ModuleDatabaseChoice>>
  /** The one pool that all modules share on a server. */
  readonly pool?: PoolOptions
}

type Place = 'off' | 'files' | SharedServer

/**
 * Gives the driver of each module, by the settings of `config/modules.ts`.
 *
 * @example
 * ```ts
 * import type { Application } from 'limber'
 * import { connectionNameOf, ModuleDrivers } from 'limber/database'
 *
 * export async function openShop(app: Application) {
 *   const drivers = new ModuleDrivers(app, { storage: 'storage/modules' })
 *   const name = connectionNameOf('shop')
 *   return app.make('db').add({ name, driver: await drivers.for('shop'), models: [], module: 'shop' })
 * }
 * ```
 */
export class ModuleDrivers {
  readonly #app: Application
  readonly #settings: ModuleDriverSettings
  /** By choice: modules that chose the same share one pool. */
  readonly #places = new Map<ModuleDatabaseChoice | undefined, Promise<Place>>()

  constructor(app: Application, settings: ModuleDriverSettings) {
    this.#app = app
    this.#settings = settings
  }

  /**
   * Tells whether a module has no database.
   *
   * @throws {DriverImportError} @throws {DatabaseUrlError} @throws {DatabaseAddressError}
   * @throws {ModuleDatabaseDriverError} for a database that modules cannot share
   */
  async off(module: string): Promise<boolean> {
    return (await this.#find(module)) === 'off'
  }

  /**
   * Gives the driver of a module. Nothing is created before its connection is opened.
   *
   * @throws {DatabaseOffError} @throws {ModuleDatabaseNameError} @throws {ModuleDatabaseDriverError}
   * @throws {DriverImportError} @throws {DatabaseUrlError} @throws {DatabaseAddressError}
   */
  async for(module: string): Promise<Driver> {
    if (!MODULE_NAME.test(module)) {
      const reason = 'its name is not made of lower case words with dashes between them.'
      throw new ModuleDatabaseNameError(module, reason, 'Rename it, such as "user-points".')
    }
    const place = await this.#find(module)
    if (place === 'off') throw new DatabaseOffError()
    if (place !== 'files') return place.driverFor(module)
    return sqlite({ file: path.join(this.#settings.storage ?? MODULE_STORAGE, `${module}.sqlite`) })
  }

  /** Ends the pools that modules share. Called when their connections are closed. */
  async close(): Promise<void> {
    const places = [...this.#places.values()]
    this.#places.clear()
    const errors = await attemptAll(
      places.map((finding) => async () => {
        const place = await finding.catch(() => undefined)
        if (typeof place === 'object') await place.close()
      }),
    )
    throwAll(errors, `${errors.length} errors while the pools of modules were closed.`)
  }

  #find(module: string): Promise<Place> {
    const { databases = {}, database } = this.#settings
    const choice = Object.hasOwn(databases, module) ? databases[module] : database
    let place = this.#places.get(choice)
    if (!place) {
      place = this.#choose(choice)
      this.#places.set(choice, place)
    }
    return place
  }

  async #choose(database: ModuleDatabaseChoice | undefined): Promise<Place> {
    if (database === 'off' || !this.#app.has('db')) return 'off'
    if (database !== undefined && database !== 'files' && database !== 'shared') {
      const driver = await resolveDriver('modules', database, this.#app.root)
      if (driver.isOff) return 'off'
      return sharedOf(driver, this.#settings.pool)
    }
    const standard = await this.#defaultDriver()
    // Files do not need the default connection; without being asked for, they follow it.
    if (database === undefined && (standard === undefined || standard.isOff)) return 'off'
    if (database !== 'shared') return 'files'
    if (standard === undefined || standard.isOff) return 'off'
    // The modules of an application on a file have files beside it.
    return standard.dialect === 'sqlite' ? 'files' : sharedOf(standard, this.#settings.pool)
  }

  async #defaultDriver(): Promise<Driver | undefined> {
    const config = this.#app.config.find('database')
    const entry = config?.connections[config.default]
    return config && entry !== undefined ? resolveDriver(config.default, entry, this.#app.root) : undefined
  }
}

function sharedOf(driver: Driver, pool: PoolOptions | undefined): SharedServer {
  if (driver.share) return driver.share(pool)
  const hint =
    driver.dialect === 'sqlite'
      ? "Write database: 'files', which gives each module a file of its own; storage names their folder."
      : 'Use a driver of limber/database/postgres or limber/database/mysql, or one with a method share().'
  throw new ModuleDatabaseDriverError(driver.label, hint)
}
