/** @module The sessions of one scope, one for each connection that is asked for. */
import type { Application } from '../../application/application.ts'
import { Scope } from '../../application/scope.ts'
import type { Container } from '../../container/container.ts'
import { OutsideScopeError } from '../../container/errors.ts'
import { currentScope, isMaking, unguarded } from '../../container/resolution-frame.ts'
import type { Services } from '../../container/services.ts'
import type { Connection } from '../connections/connection.ts'
import type { Session } from './session.ts'

/**
 * Gives the session of a scope on a connection by name. That of the default connection is `db.session`.
 *
 * @example
 * ```ts
 * import { createApplication } from 'limber'
 * import type {} from 'limber/database'
 *
 * const app = await createApplication()
 * await app.boot()
 * await app.scope(() => app.make('db.sessions').get('archive').execute('select 1'))
 * ```
 */
export class ScopeSessions {
  readonly #app: Application
  /** One that is removed and added again is another connection. */
  readonly #sessions = new Map<Connection, Session>()

  constructor(app: Application) {
    this.#app = app
  }

  /** @throws {ConnectionNotFoundError} */
  get(name: string): Session {
    const db = dbOf(this.#app)
    this.#app.askGuard(`db.sessions.${name}`)
    if (name === db.defaultName) return this.#app.make('db.session')
    const connection = db.connection(name)
    const known = this.#sessions.get(connection)
    if (known) return known
    const session = joinCurrentScope(this.#app, name)
    this.#sessions.set(connection, session)
    return session
  }
}

/** Gives the session of the scope that is open here, by default that of the default connection. */
export function sessionOf(app: Container, connection?: string): Session {
  return connection === undefined ? app.make('db.session') : app.make('db.sessions').get(connection)
}

/** Opens a session that ends with the scope that is open here. */
export function joinCurrentScope(app: Application, name?: string): Session {
  const scope = app.currentScope()
  if (!scope) throw new OutsideScopeError('db.session', [])
  const connection = dbOf(app).connection(name)
  const session = connection.openSession()
  const { autoCommit = true, writerTimeout } = app.config.get('database')
  const onUnflushed = (error: Error) => reportUnflushed(app, error, scope)
  session.joinScope(scope, { name: connection.name, autoCommit, writerTimeout, onUnflushed })
  return session
}

/** Asked for by sessions and models themselves: whose work it is, is checked with the session that is asked for. */
export function dbOf(app: Container): Services['db'] {
  const db = () => app.make('db')
  const scope = currentScope()
  const isForModule = scope instanceof Scope && scope.module !== undefined
  return isForModule || isMaking() ? unguarded(db) : db()
}

/** A forgotten flush loses data: in a test that fails, elsewhere the rest of the work is worth more. */
function reportUnflushed(app: Application, error: Error, { id, kind, label }: Scope): void {
  if (app.environment === 'test') throw error
  app.make('log').warn({ err: error, scope: id, kind, label }, error.message)
}
