/** @module A connection that is opened while the application runs. */
import type { Application } from '../../application/application.ts'
import type { ModelClass } from '../models/load-models.ts'
import type { Connection } from './connection.ts'
import type { Driver } from './driver.ts'

export interface AddedConnection {
  readonly name: string
  readonly driver: Driver
  readonly models: readonly ModelClass[]
  readonly module: string
}

export async function openAdded(app: Application, request: AddedConnection): Promise<Connection> {
  const { openConnection } = await import('./open-connection.ts')
  const log = app.make('log')
  return openConnection({
    ...request,
    root: app.root,
    application: app,
    log: (message) => log.debug(message),
  })
}
