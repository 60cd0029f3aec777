/** @module Opens one connection of an application, with its models. */
import type { Application } from '../application/application.ts'
import { attachCause, attemptAll } from '../errors/attempt-all.ts'
import type { ConnectionTable } from './connection-table.ts'
import type { Connection } from './connections/connection.ts'
import type { Driver } from './connections/driver.ts'
import { openConnection } from './connections/open-connection.ts'
import { refuseStrangers } from './connections/refuse-strangers.ts'
import { insightSettings } from './insight/insight-config.ts'
import { observeQueries } from './insight/observe-queries.ts'
import type { ModelClass } from './models/load-models.ts'
import { refuseStrays } from './models/share-models.ts'

export interface OpeningRequest {
  readonly name: string
  readonly driver: Driver
  readonly models: readonly ModelClass[]
  /** What lists the models, for messages; default: `config/app.ts`. */
  readonly list?: string
}

/** @throws {ModelFileError} @throws {DatabaseFileError} */
export async function openOne(
  app: Application,
  table: ConnectionTable,
  { list, ...request }: OpeningRequest,
): Promise<Connection> {
  const log = app.make('log')
  const logTo = (message: string) => log.debug(message)
  const connection = await openConnection({ ...request, root: app.root, application: app, log: logTo })
  try {
    const { insight = {} } = app.config.get('database')
    refuseStrays(connection, table, list)
    refuseStrangers(connection.orm, (model) => table.refuseStranger(model, connection.name))
    observeQueries(connection, insightSettings(insight, app.environment, log.isLevelEnabled('debug')), log)
  } catch (error) {
    for (const fault of await attemptAll([() => connection.close()])) attachCause(error, fault)
    throw error
  }
  table.set(connection)
  return connection
}
