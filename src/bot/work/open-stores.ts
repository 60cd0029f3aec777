/** @module Opens the stores of updates: one for each connection, and one in memory where there is no database. */
import type { Application } from '../../application/application.ts'
import type { UpdateStore } from '../../application/ports/update-store.ts'
import { MemoryUpdateStore } from './memory-update-store.ts'

export class OpenStores {
  readonly #app: Application
  readonly #inMemory = new MemoryUpdateStore()
  /** By the name of the connection; undefined is the default one. */
  readonly #opened = new Map<string | undefined, Promise<UpdateStore>>()

  constructor(app: Application) {
    this.#app = app
  }

  /** Gives the store on a connection, with its tables. */
  open(connection?: string): Promise<UpdateStore> {
    const known = this.#opened.get(connection)
    if (known) return known
    const opened = this.#open(connection)
    this.#opened.set(connection, opened)
    // The next one may find the database there again.
    opened.catch(() => this.#opened.delete(connection))
    return opened
  }

  /** A connection that is opened again later is another one. */
  forget(connection: string): void {
    this.#opened.delete(connection)
  }

  async #open(connection: string | undefined): Promise<UpdateStore> {
    const stores = this.#app.has('db.updates') ? await this.#app.makeAsync('db.updates') : undefined
    const store = stores?.on(connection) ?? this.#inMemory
    await store.prepare()
    return store
  }
}
