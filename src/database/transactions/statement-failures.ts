/** @module Sees every statement of a transaction that fails, whoever has sent it and by whatever way. */
import type { Transaction } from '@mikro-orm/core'
import { CompiledQuery, type DatabaseConnection, type Kysely } from 'kysely'

/** Asks something on the connection of the statement that has failed. */
export type Ask = (sql: string) => Promise<readonly unknown[]>

/** Gives the error that a statement fails with. */
export type SeeFailure = (failure: unknown, ask: Ask) => Promise<unknown>

/**
 * Watches the connection that a transaction keeps until its end.
 *
 * @returns a function that stops, before others are given the connection
 */
export async function watchFailures(transaction: Transaction, see: SeeFailure): Promise<() => void> {
  // The ORM's own type leaves open what its SQL drivers have: a transaction of Kysely.
  const client = transaction as unknown as Kysely<unknown>
  return client.getExecutor().provideConnection(async (connection) => watch(connection, see))
}

function watch(connection: DatabaseConnection, see: SeeFailure): () => void {
  const { executeQuery, streamQuery } = connection
  const ask: Ask = async (sql) => (await executeQuery.call(connection, CompiledQuery.raw(sql))).rows
  connection.executeQuery = async (...args) => {
    try {
      return (await executeQuery.apply(connection, args)) as never
    } catch (failure) {
      throw await see(failure, ask)
    }
  }
  connection.streamQuery = async function* (...args) {
    try {
      yield* streamQuery.apply(connection, args) as AsyncIterable<never>
    } catch (failure) {
      throw await see(failure, ask)
    }
  }
  return () => {
    connection.executeQuery = executeQuery
    connection.streamQuery = streamQuery
  }
}
