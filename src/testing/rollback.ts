/** @module Undoes what a test writes, on every connection of its application. */
import type { Application } from '../application/application.ts'
import type { Connection } from '../database/connections/connection.ts'
import { DatabaseOffError } from '../database/errors.ts'
import { attachCause, attemptAll, throwAll } from '../errors/attempt-all.ts'

export class Rollback implements AsyncDisposable {
  #undo: (() => Promise<void>)[] = []

  /** Begins a transaction on every connection; whatever commits from now on is a part of it. */
  static async begin(app: Application): Promise<Rollback> {
    const rollback = new Rollback()
    await app.ready(['db'])
    // The connections of modules are opened when their lives begin.
    if (app.has('modules.start')) await app.makeAsync('modules.start')
    // It loads the ORM.
    const { beginOuterTransaction } = await import('../database/transactions/outer-transaction.ts')
    try {
      for (const connection of connectionsOf(app)) {
        rollback.#undo.unshift(await beginOuterTransaction(connection))
      }
    } catch (error) {
      const errors = await attemptAll([() => rollback[Symbol.asyncDispose]()])
      for (const second of errors) attachCause(error, second)
      throw error
    }
    return rollback
  }

  /** Undoes everything. A second call does nothing. */
  async [Symbol.asyncDispose](): Promise<void> {
    const undo = this.#undo
    this.#undo = []
    throwAll(await attemptAll(undo), `${undo.length} connections failed to roll back.`)
  }
}

/** Those that are switched off have nothing to undo. */
function connectionsOf(app: Application): Connection[] {
  const db = app.make('db')
  const ofModules = app.has('modules.databases') ? app.make('modules.databases').all() : []
  const names = Object.keys(app.config.get('database').connections)
  return [...names, ...ofModules.map(({ connection }) => connection)].flatMap((name) => {
    try {
      return [db.connection(name)]
    } catch (error) {
      if (error instanceof DatabaseOffError) return []
      throw error
    }
  })
}
