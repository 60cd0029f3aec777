/** @module Makes query builders take part in the unit of work of the session they come from. */
import type { ConnectionType } from '@mikro-orm/core'
import type { QueryBuilder, SqlEntityManager } from '@mikro-orm/sql'
import { translateErrors } from '../connections/translate-errors.ts'

interface WritingSession extends Pick<SqlEntityManager, 'getTransactionContext' | 'getPlatform'> {
  writing<T>(statement: () => Promise<T>): Promise<T>
  reading<T>(statement: () => Promise<T>): Promise<T>
  readonly readsFrom: ConnectionType
}

const READS: ReadonlySet<string> = new Set(['SELECT', 'COUNT'])

/**
 * A query builder keeps the transaction that was open when it was made. This one uses the one that is open when it runs,
 * and opens that of the scope before it writes. Its clones do the same.
 */
export function joinQueryBuilder<E extends object, Alias extends string>(
  builder: QueryBuilder<E, Alias>,
  session: WritingSession,
): QueryBuilder<E, Alias> {
  const clone = builder.clone.bind(builder)
  const execute = builder.execute.bind(builder)
  const run = async (...args: Parameters<typeof execute>) => {
    const statement = () => translateErrors(session, execute(...args))
    return READS.has(builder.type) ? session.reading(statement) : session.writing(statement)
  }
  Object.defineProperty(builder, 'context', { get: () => session.getTransactionContext() })
  // It is protected; subclasses are the only other way to a choice that is made when the query runs.
  let chosen = Reflect.get(builder, 'connectionType') as ConnectionType | undefined
  Object.defineProperty(builder, 'connectionType', {
    get: () => chosen ?? (READS.has(builder.type) ? session.readsFrom : undefined),
    set: (type: ConnectionType | undefined) => {
      chosen = type
    },
  })
  // Both pass on what the methods they replace give.
  builder.execute = run as typeof builder.execute
  builder.clone = (...args) => joinQueryBuilder(clone(...args), session)
  return builder
}
