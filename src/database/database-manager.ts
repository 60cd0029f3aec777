/** @module The databases of an application: its connections by name. */
import type { Connection } from './connection.ts'
import { ConnectionNotFoundError } from './errors.ts'
import type { Session } from './session.ts'

export class DatabaseManager {
  readonly #connections: ReadonlyMap<string, Connection>
  readonly #default: string

  constructor(connections: ReadonlyMap<string, Connection>, defaultName: string) {
    this.#connections = connections
    this.#default = defaultName
  }

  /**
   * Gives a connection, by default that of `db.connection`.
   *
   * @throws {ConnectionNotFoundError}
   */
  connection(name: string = this.#default): Connection {
    const connection = this.#connections.get(name)
    if (!connection) throw new ConnectionNotFoundError(name, [...this.#connections.keys()])
    return connection
  }

  /** Opens a session that its maker owns: it commits with each flush, and no scope ends it. */
  openSession(name?: string): Session {
    return this.connection(name).openSession()
  }

  /** Closes every connection; all are tried. */
  async close(): Promise<void> {
    const results = await Promise.allSettled(
      [...this.#connections.values()].map((connection) => connection.close()),
    )
    const failed = results.find((result) => result.status === 'rejected')
    if (failed) throw failed.reason
  }
}
