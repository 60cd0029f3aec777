/** @module The databases of an application: its connections by name. */
import type { Connection } from './connection.ts'
import { ConnectionNotFoundError, DatabaseOffError } from './errors.ts'
import type { Session } from './session.ts'

export class DatabaseManager {
  readonly #connections: ReadonlyMap<string, Connection | undefined>
  readonly #default: string

  constructor(connections: ReadonlyMap<string, Connection | undefined>, defaultName: string) {
    this.#connections = connections
    this.#default = defaultName
  }

  /**
   * Gives a connection, by default that of `db.connection`.
   *
   * @throws {ConnectionNotFoundError}
   * @throws {DatabaseOffError} when its driver is that of no database
   */
  connection(name: string = this.#default): Connection {
    const connection = this.#connections.get(name)
    if (connection) return connection
    if (this.#connections.has(name)) throw new DatabaseOffError(name)
    throw new ConnectionNotFoundError(name, [...this.#connections.keys()])
  }

  /**
   * Asks the database of the default connection whether it answers. One that is switched off has nothing to answer.
   *
   * @throws {DatabaseUnavailableError}
   */
  async ping(): Promise<void> {
    const isOff = this.#connections.has(this.#default) && !this.#connections.get(this.#default)
    if (!isOff) await this.connection().ping()
  }

  /** Opens a session that its maker owns: it commits with each flush, and no scope ends it. */
  openSession(name?: string): Session {
    return this.connection(name).openSession()
  }

  /** Closes every connection; all are tried. */
  async close(): Promise<void> {
    const results = await Promise.allSettled(
      [...this.#connections.values()].map((connection) => connection?.close()),
    )
    const failed = results.find((result) => result.status === 'rejected')
    if (failed) throw failed.reason
  }
}
