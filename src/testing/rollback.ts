/** @module Undoes what a test writes, on every connection of its application. */
import type { Application } from '../application/application.ts'
import { beginOuterTransaction } from '../database/transactions/outer-transaction.ts'
import { attemptAll, throwAll } from '../errors/attempt-all.ts'

export class Rollback implements AsyncDisposable {
  #undo: (() => Promise<void>)[] = []

  /** Begins a transaction on every connection; whatever commits from now on is a part of it. */
  static async begin(app: Application): Promise<Rollback> {
    const rollback = new Rollback()
    await app.ready(['db'])
    const db = app.make('db')
    for (const name of Object.keys(app.config.get('database').connections)) {
      rollback.#undo.unshift(await beginOuterTransaction(db.connection(name)))
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
