/** @module Which replica an error comes from: the errors of clients do not say it. */
import type { AbstractSqlConnection } from '@mikro-orm/sql'

const origins = new WeakMap<object, string>()

/** The label of the replica that an error comes from; undefined for the errors of the primary. */
export function originOf(error: Error): string | undefined {
  return origins.get(error)
}

/** Notes where the errors of a replica come from. */
export function nameErrors(replica: AbstractSqlConnection, label: string): void {
  const execute = replica.execute.bind(replica)
  const stream = replica.stream.bind(replica)
  const note = (error: unknown): never => {
    if (error instanceof Error) origins.set(error, label)
    throw error
  }
  replica.execute = async (sql, parameters, method, context, logging) => {
    try {
      return await execute(sql, parameters, method, context, logging)
    } catch (error) {
      return note(error)
    }
  }
  replica.stream = async function* (...args) {
    try {
      yield* stream(...args)
    } catch (error) {
      note(error)
    }
  }
}
