/** @module The stores of updates of an application, one for each connection that is asked for. */
import type { Application } from '../../application/application.ts'
import type { UpdateStore, UpdateStores } from '../../application/ports/update-store.ts'
import type { Connection } from '../connections/connection.ts'
import { DatabaseOffError } from '../errors.ts'
import { dbOf } from '../sessions/scope-sessions.ts'
import { DatabaseUpdateStore } from './database-update-store.ts'

export class DatabaseUpdateStores implements UpdateStores {
  readonly #app: Application
  /** A connection that is removed and added again is another one. */
  readonly #stores = new WeakMap<Connection, UpdateStore>()

  constructor(app: Application) {
    this.#app = app
  }

  /** @throws {ConnectionNotFoundError} */
  on(name?: string): UpdateStore | undefined {
    const connection = openConnectionOf(this.#app, name)
    if (!connection) return undefined
    const known = this.#stores.get(connection)
    if (known) return known
    const store = new DatabaseUpdateStore(this.#app, connection)
    this.#stores.set(connection, store)
    return store
  }
}

/**
 * Gives a connection for the work of the framework; undefined where it is switched off.
 *
 * @throws {ConnectionNotFoundError}
 */
export function openConnectionOf(app: Application, name?: string): Connection | undefined {
  try {
    return dbOf(app).connection(name)
  } catch (error) {
    if (error instanceof DatabaseOffError) return undefined
    throw error
  }
}
