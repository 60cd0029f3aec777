/** @module Makes query builders take part in the unit of work of the session they come from. */
import type { ConnectionType } from '@mikro-orm/core'
import type { QueryBuilder, SqlEntityManager } from '@mikro-orm/sql'
import { translateErrors } from '../connections/translate-errors.ts'
import { reads } from './builder-statement.ts'
import { isLock } from './lock-mode.ts'
import { readAll } from './open-streams.ts'
import { refuseImplicitCommit } from './statement-kind.ts'

interface WritingSession extends SqlEntityManager {
  writing<T>(statement: () => Promise<T>): Promise<T>
  reading<T>(statement: () => Promise<T>): Promise<T>
  locking<T>(statement: () => Promise<T>): Promise<T>
  following<T>(stream: AsyncIterableIterator<T>): AsyncIterableIterator<T>
  readonly readsFrom: ConnectionType
}

/** What a builder needs until its transaction is open: it wants to see one before it takes a lock mode. */
const TO_COME = {}

/**
 * A query builder keeps the transaction that was open when it was made. This one uses the one that is open when it runs,
 * and opens that of the scope before it writes or locks. Its clones do the same.
 */
export function joinQueryBuilder<E extends object, Alias extends string>(
  builder: QueryBuilder<E, Alias>,
  session: WritingSession,
  locksAlready = false,
): QueryBuilder<E, Alias> {
  const clone = builder.clone.bind(builder)
  const execute = builder.execute.bind(builder)
  const stream = builder.stream.bind(builder)
  const setLockMode = builder.setLockMode.bind(builder)
  let locks = locksAlready
  let isTakingMode = false

  const inSession = <T>(statement: () => Promise<T>): Promise<T> => {
    if (locks) return session.locking(statement)
    return reads(builder) ? session.reading(statement) : session.writing(statement)
  }
  const run = (...args: Parameters<typeof execute>) =>
    inSession(async () => {
      if (builder.type === 'TRUNCATE') refuseImplicitCommit(session, 'truncate table')
      return translateErrors(session, execute(...args))
    })
  async function* streaming(...args: Parameters<typeof stream>) {
    await inSession(async () => undefined)
    // The transaction of a statement that has none around it ends with the statement, and not with the loop.
    if (reads(builder) || session.isInTransaction()) yield* session.following(stream(...args))
    else yield* await inSession(() => readAll(stream(...args)))
  }

  Object.defineProperty(builder, 'context', {
    get: () => session.getTransactionContext() ?? (isTakingMode ? TO_COME : undefined),
  })
  // It is protected; subclasses are the only other way to a choice that is made when the query runs.
  let chosen = Reflect.get(builder, 'connectionType') as ConnectionType | undefined
  Object.defineProperty(builder, 'connectionType', {
    get: () => chosen ?? (reads(builder) ? session.readsFrom : 'write'),
    set: (type: ConnectionType | undefined) => {
      chosen = type
    },
  })
  builder.setLockMode = (mode, tables) => {
    isTakingMode = true
    try {
      setLockMode(mode, tables)
    } finally {
      isTakingMode = false
    }
    locks = isLock(mode)
    return builder
  }
  // They pass on what the methods they replace give.
  builder.execute = run as typeof builder.execute
  builder.stream = streaming as typeof builder.stream
  builder.clone = (...args) => joinQueryBuilder(clone(...args), session, locks)
  return builder
}
