/** @module Opens every connection of an application, with its share of the models. */
import type { Application } from '../application/application.ts'
import { attachCause, attemptAll } from '../errors/attempt-all.ts'
import type { Connection } from './connections/connection.ts'
import type { Driver } from './connections/driver.ts'
import { resolveDriver } from './connections/resolve-driver.ts'
import { DatabaseManager } from './database-manager.ts'
import { insightSettings } from './insight/insight-config.ts'
import { modelsOf } from './models/models-of.ts'

type Connections = Map<string, Connection | undefined>

/** @throws {DriverImportError} @throws {ModelFileError} @throws {ConnectionNotFoundError} @throws {DatabaseFileError} */
export async function openDatabases(app: Application): Promise<DatabaseManager> {
  const { default: defaultName, connections, scratch } = app.config.get('database')
  const drivers = new Map<string, Driver>()
  for (const [name, entry] of Object.entries(connections)) {
    const driver = await resolveDriver(name, entry, app.root)
    drivers.set(name, scratch ? driver.scratch() : driver)
  }
  // A connection whose database is switched off stays undefined, and costs nothing.
  const opened: Connections = new Map([...drivers.keys()].map((name) => [name, undefined]))
  const working = [...drivers].filter(([, driver]) => !driver.isOff)
  try {
    if (working.length > 0) await openAll(app, working, opened, defaultName)
  } catch (error) {
    const errors = await attemptAll([...opened.values()].map((connection) => () => connection?.close()))
    if (errors.length > 0) attachCause(error, new AggregateError(errors, 'Connections failed to close.'))
    throw error
  }
  return new DatabaseManager(app, opened, defaultName)
}

async function openAll(
  app: Application,
  drivers: readonly [string, Driver][],
  opened: Connections,
  defaultName: string,
): Promise<void> {
  const [{ openConnection }, { loadModels }, { namesOf, refuseStrays, shareModels }, { observeQueries }] =
    await Promise.all([
      import('./connections/open-connection.ts'),
      import('./models/load-models.ts'),
      import('./models/share-models.ts'),
      import('./insight/observe-queries.ts'),
    ])
  const models = await loadModels(modelsOf(app))
  const shares = shareModels(models, [...opened.keys()], defaultName)
  if (app.environment !== 'production') await warnOfUnregistered(app, namesOf(models))
  const log = app.make('log')
  const { insight = {} } = app.config.get('database')
  const settings = insightSettings(insight, app.environment, log.isLevelEnabled('debug'))
  for (const [name, driver] of drivers) {
    const own = shares.get(name) ?? []
    const request = { name, driver, root: app.root, models: own, application: app, log: logTo(log) }
    const connection = await openConnection(request)
    opened.set(name, connection)
    refuseStrays(connection, defaultName)
    observeQueries(connection, settings, log)
  }
}

function logTo(log: { debug(message: string): void }): (message: string) => void {
  return (message) => log.debug(message)
}

/** A model that nobody registered has no table, and nothing else would say so. */
async function warnOfUnregistered(app: Application, registered: ReadonlySet<string>): Promise<void> {
  const { unregisteredModels } = await import('./models/unregistered-models.ts')
  for (const warning of unregisteredModels(app.root, registered)) app.make('log').warn(warning)
}
