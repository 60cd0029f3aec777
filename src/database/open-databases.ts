/** @module Opens every connection of an application, with its share of the models. */
import type { Application } from '../application/application.ts'
import { attachCause, attemptAll } from '../errors/attempt-all.ts'
import { ConnectionTable } from './connection-table.ts'
import type { Driver } from './connections/driver.ts'
import { resolveDriver } from './connections/resolve-driver.ts'
import { DatabaseManager } from './database-manager.ts'
import { modelsOf } from './models/models-of.ts'

/** @throws {DriverImportError} @throws {ModelFileError} @throws {ConnectionNotFoundError} @throws {DatabaseFileError} */
export async function openDatabases(app: Application): Promise<DatabaseManager> {
  const { default: defaultName, connections, scratch } = app.config.get('database')
  const drivers = new Map<string, Driver>()
  for (const [name, entry] of Object.entries(connections)) {
    const driver = await resolveDriver(name, entry, app.root)
    drivers.set(name, scratch ? driver.scratch() : driver)
  }
  // A connection whose database is switched off costs nothing.
  const table = new ConnectionTable(defaultName, [...drivers.keys()])
  const working = [...drivers].filter(([, driver]) => !driver.isOff)
  try {
    if (working.length > 0) await openAll(app, working, table)
  } catch (error) {
    const errors = await attemptAll(table.open.map((connection) => () => connection.close()))
    if (errors.length > 0) attachCause(error, new AggregateError(errors, 'Connections failed to close.'))
    throw error
  }
  return new DatabaseManager(app, table)
}

async function openAll(
  app: Application,
  drivers: readonly [string, Driver][],
  table: ConnectionTable,
): Promise<void> {
  const [{ openOne }, { loadModels }, { namesOf, shareModels }] = await Promise.all([
    import('./open-one.ts'),
    import('./models/load-models.ts'),
    import('./models/share-models.ts'),
  ])
  const models = await loadModels(modelsOf(app))
  const shares = shareModels(models, table.names, table.defaultName)
  if (app.environment !== 'production') await warnOfUnregistered(app, namesOf(models))
  for (const [name, driver] of drivers) {
    await openOne(app, table, { name, driver, models: shares.get(name) ?? [] })
  }
}

/** A model that nobody registered has no table, and nothing else would say so. */
async function warnOfUnregistered(app: Application, registered: ReadonlySet<string>): Promise<void> {
  const { unregisteredModels } = await import('./models/unregistered-models.ts')
  for (const warning of unregisteredModels(app.root, registered)) app.make('log').warn(warning)
}
