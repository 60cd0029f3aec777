/** @module Connections that come and go while the application runs: those of modules. */
import type { Application } from '../application/application.ts'
import type { Lazy } from '../application/define-app.ts'
import type { ConnectionTable } from './connection-table.ts'
import type { Connection } from './connections/connection.ts'
import type { Driver } from './connections/driver.ts'
import { DatabaseOffError } from './errors.ts'

export interface ConnectionRequest {
  /** What it is called from now on, for `db.connection(name)`. */
  readonly name: string
  readonly driver: Driver
  /** Its models, which no other connection may have: classes, or imports of their files. */
  readonly models: readonly Lazy[]
  /** The module whose models they are, for messages. */
  readonly module?: string
}

/** @throws as `DatabaseManager.add` */
export async function addConnection(
  app: Application,
  table: ConnectionTable,
  { name, driver, models, module }: ConnectionRequest,
): Promise<Connection> {
  if (driver.isOff) throw new DatabaseOffError(name)
  table.reserve(name)
  try {
    const list = module === undefined ? `the connection "${name}"` : `the module "${module}"`
    const own = await loadOwn(table, models, { name, module, list })
    const { openOne } = await import('./open-one.ts')
    const chosen = app.config.get('database').scratch ? driver.scratch() : driver
    return await openOne(app, table, { name, driver: chosen, models: own, list })
  } finally {
    table.release(name)
  }
}

/** @throws as `DatabaseManager.remove` */
export async function removeConnection(table: ConnectionTable, name: string): Promise<void> {
  // First: nobody finds any more what is about to close.
  const connection = table.take(name)
  const { forgetModels } = await import('./models/forget-models.ts')
  try {
    await connection.close()
  } finally {
    forgetModels(connection.orm)
  }
}

interface Owner {
  readonly name: string
  readonly module: string | undefined
  readonly list: string
}

/** Loads models that nobody else has, and notes whose they are. */
async function loadOwn(table: ConnectionTable, models: readonly Lazy[], { name, module, list }: Owner) {
  const [{ loadModels }, { classOf, refuseTaken }] = await Promise.all([
    import('./models/load-models.ts'),
    import('./models/share-models.ts'),
  ])
  const own = await loadModels(models, list)
  refuseTaken(own, name, table, list)
  if (module !== undefined) table.own(own.map(classOf), module)
  return own
}
