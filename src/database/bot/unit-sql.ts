/** @module Statements of the framework in the unit of work of the open scope, whatever its module may use. */
import type { Transaction } from '@mikro-orm/core'
import type { Application } from '../../application/application.ts'
import { unguarded } from '../../container/resolution-frame.ts'
import type { RunSql } from '../connections/connection.ts'
import { translateErrors } from '../connections/translate-errors.ts'
import { asOwnRead } from '../insight/own-reads.ts'
import { sessionOf } from '../sessions/scope-sessions.ts'
import type { Session } from '../sessions/session.ts'

export class UnitSql {
  readonly #app: Application
  readonly #connection: string

  constructor(app: Application, connection: string) {
    this.#app = app
    this.#connection = connection
  }

  /**
   * Runs statements that write: they open the transaction of the scope, and one that fails keeps it from being committed.
   *
   * @throws {OutsideScopeError} @throws {ReadOnlyScopeError} @throws {TransactionConflictError}
   */
  async write(work: (run: RunSql) => Promise<void>): Promise<void> {
    const session = this.#session()
    await session.atomically((ctx) => work(runningIn(session, ctx)))
  }

  /** Gives what reads in the transaction of the open scope; undefined where it has none, so that nothing was written in it. */
  open(): RunSql | undefined {
    const scope = this.#app.currentScope()
    if (!scope || scope.isClosed) return undefined
    const session = this.#session()
    if (!session.isInTransaction()) return undefined
    return (sql, parameters = []) => asOwnRead(() => session.execute(sql, [...parameters]))
  }

  #session(): Session {
    return unguarded(() => sessionOf(this.#app, this.#connection))
  }
}

function runningIn(session: Session, ctx: Transaction): RunSql {
  const connection = session.getConnection('write')
  return (sql, parameters = []) =>
    translateErrors(session, connection.execute(sql, [...parameters], 'all', ctx))
}
