/** @module The database of a cache, reached by a pool of its own: units of work may hold every connection of another one. */
import type { Application } from '../../application/application.ts'
import type { Driver } from '../connections/driver.ts'
import { fromUrl } from '../connections/from-url.ts'
import { resolveDriver } from '../connections/resolve-driver.ts'
import { ConnectionNotFoundError } from '../errors.ts'
import { DatabaseConfigMissingError } from '../migrations/init/errors.ts'
import { sqlite } from '../sqlite/sqlite-driver.ts'

const POOL = 4

export interface StoreAddress {
  readonly connection?: string | undefined
  readonly url?: string | undefined
}

/**
 * @throws {DatabaseConfigMissingError} @throws {ConnectionNotFoundError} @throws {DatabaseUrlError} @throws {DriverImportError}
 */
export async function storeDriver(app: Application, address: StoreAddress): Promise<Driver> {
  const config = app.config.find('database')
  const driver = address.url === undefined ? await named(app, address.connection) : fromUrl(address.url)
  const given = config?.scratch ? driver.scratch() : driver
  if (given.isOff || given.isInMemory) return given
  return given.file === undefined ? withOwnPool(given) : sqlite({ file: besides(given.file) })
}

/** SQLite has one writer for each file: a scope that has written would block its own cache. */
export function besides(file: string): string {
  return /\.[^./\\]+$/.test(file) ? file.replace(/(\.[^./\\]+)$/, '.cache$1') : `${file}.cache`
}

function named(app: Application, name: string | undefined): Promise<Driver> {
  const config = app.config.find('database')
  if (!config) throw new DatabaseConfigMissingError()
  const wanted = name ?? config.default
  const known = Object.keys(config.connections)
  const entry = known.includes(wanted) ? config.connections[wanted] : undefined
  if (entry === undefined) throw new ConnectionNotFoundError(wanted, known)
  return resolveDriver(wanted, entry, app.root)
}

function withOwnPool(driver: Driver): Driver {
  return {
    name: driver.name,
    dialect: driver.dialect,
    label: driver.label,
    hasOneWriter: driver.hasOneWriter,
    ...(driver.acquireTimeout === undefined ? {} : { acquireTimeout: driver.acquireTimeout }),
    scratch: () => driver.scratch(),
    async load(root) {
      const { pool, ...options } = await driver.load(root)
      // Replicas would give what is no longer there.
      return { ...options, replicas: [], preferReadReplicas: false, pool: { ...pool, min: 0, max: POOL } }
    },
    isUnavailable: (error) => driver.isUnavailable(error),
    advise: (error) => driver.advise?.(error),
    release: async () => driver.release?.(),
  }
}
