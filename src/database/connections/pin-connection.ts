/** @module Takes one connection out of the pool until it is given back. */
import type { Transaction } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'
import { WRITER_TIMEOUT, waitForWriter } from '../transactions/write-lock.ts'

export interface PinnedConnection extends AsyncDisposable {
  /** Runs statements on it, where the ORM takes a transaction. */
  readonly client: Transaction
}

/** @throws {WriterBusyError} where one can write at a time, and another one does not end */
export async function pinConnection(em: SqlEntityManager): Promise<PinnedConnection> {
  const connection = em.getConnection('write')
  await connection.ensureConnection()
  const taken = Promise.withResolvers<PinnedConnection>()
  const over = Promise.withResolvers<void>()
  const given = connection
    .getClient()
    .connection()
    .execute((client) => {
      const giveBack = async () => {
        over.resolve()
        await given
      }
      // The ORM's type of a transaction is open: it runs statements on whatever client of Kysely it is given.
      taken.resolve({ client: client as Transaction, [Symbol.asyncDispose]: giveBack })
      return over.promise
    })
  given.catch(taken.reject)
  return waitForWriter(em.config, taken.promise, WRITER_TIMEOUT, async (late) => late[Symbol.asyncDispose]())
}
