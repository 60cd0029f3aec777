/** @module The database of a module, as the module uses it. */
import type { Application } from '../../application/application.ts'
import { leaveScopes } from '../../container/resolution-frame.ts'
import type { Connection } from '../../database/connections/connection.ts'
import type { Session } from '../../database/sessions/session.ts'
import type { SessionScopeOptions } from '../../database/sessions/session-scope.ts'

export class ModuleDatabase {
  readonly #app: Application
  readonly #name: string
  readonly #module: string

  /** @param name of the connection in `db` */
  constructor(app: Application, name: string, module: string) {
    this.#app = app
    this.#name = name
    this.#module = module
  }

  get connection(): Connection {
    // It is the module's own, whoever may use those of the application.
    return leaveScopes(() => this.#app.make('db').connection(this.#name))
  }

  /**
   * The session of the unit of work that is open here; inside of one it is always the same.
   *
   * @throws {OutsideScopeError}
   */
  session(): Session {
    return this.#app.make('db.sessions').get(this.#name)
  }

  /**
   * Runs a function as a unit of work of its own: committed when it succeeds, rolled back when it throws.
   *
   * @throws {RetriesExhaustedError} after the last of `retry` repetitions
   */
  async sessionScope<T>(
    fn: (session: Session) => T | Promise<T>,
    { retry = 0, ...options }: Omit<SessionScopeOptions, 'connection'> = {},
  ): Promise<T> {
    const { repeat } = await import('../../database/transactions/retry.ts')
    const scoped = { kind: 'session', module: this.#module, ...options }
    return repeat(() => this.#app.scope(() => fn(this.session()), scoped), retry)
  }
}
