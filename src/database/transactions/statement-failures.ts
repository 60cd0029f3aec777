/** @module Sees every statement of a transaction that fails, whoever has sent it. */
import type { Transaction } from '@mikro-orm/core'
import type { Kysely } from 'kysely'

/**
 * Has to be called before the first statement.
 *
 * @param seen told of each failure; gives the error that the statement fails with
 */
export function watchFailures(transaction: Transaction, seen: (error: unknown) => unknown): void {
  // The ORM's own type leaves open what its SQL drivers have: a transaction of Kysely.
  const client = transaction as unknown as Kysely<unknown>
  const execute = client.executeQuery.bind(client)
  const watched: typeof client.executeQuery = async (...args) => {
    try {
      return (await execute(...args)) as never
    } catch (error) {
      throw seen(error)
    }
  }
  Object.defineProperty(client, 'executeQuery', { value: watched })
}
