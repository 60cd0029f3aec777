/** @module Lets a query builder trash where it would delete, unless it is forced to. */
import type { EntityMetadata } from '@mikro-orm/core'
import { QueryFlag } from '@mikro-orm/core'
import { type AnyQueryBuilder, QueryBuilder, type SqlEntityManager } from '@mikro-orm/sql'
import { deletes, modifies } from '../../sessions/builder-statement.ts'
import type { AtomicSession } from '../bulk-delete.ts'
import { isSoftModel } from '../soft-models.ts'
import { operationStamp } from '../trash.ts'
import { SoftTruncateError, TrashingStatementError } from './errors.ts'
import { trashByQuery } from './trash-by-query.ts'
import { rowsOf, trashingUpdate } from './trashing-update.ts'
import type { Words } from './words.ts'

/** The DELETE stays as it was written; what runs instead is made anew each time. */
export function guardDeletes(
  builder: AnyQueryBuilder,
  session: AtomicSession,
  words: () => Words,
  guard: (copy: AnyQueryBuilder) => AnyQueryBuilder,
): void {
  const count = builder.count.bind(builder)
  const execute = builder.execute.bind(builder)
  const toQuery = builder.toQuery.bind(builder)

  const target = () => (words().force ? undefined : softTarget(builder, session))
  const isTrashing = () => deletes(builder) && target() !== undefined
  const copy = () => guard(rawClone(builder))
  const update = (stamp: Date) => trashingUpdate(copy(), session, stamp)
  const rows = () => rowsOf(copy(), session)

  builder.count = (...args) => {
    // The ORM would delete what it is to count, or count keys that are different.
    if (modifies(builder)) builder.unsetFlag(QueryFlag.DISTINCT)
    builder.unsetFlag(QueryFlag.DELETE_SUB_QUERY).unsetFlag(QueryFlag.UPDATE_SUB_QUERY)
    return count(...args)
  }
  builder.toQuery = () => (isTrashing() ? update(operationStamp()).toQuery() : toQuery())
  builder.execute = (method, options) => {
    // The ORM takes what pretends to be a SELECT for one.
    const kind = method ?? (modifies(builder) ? 'run' : undefined)
    if (!isTrashing()) return execute(kind, options)
    return trashByQuery(session, builder.mainAlias.meta, builder.state.schema, rows, (stamp, ctx) => {
      const statement = update(stamp)
      Reflect.set(statement, 'context', ctx)
      return statement.execute(kind, options)
    })
  }
  refuseOthers(builder, target)
}

/** Refuses what would destroy rows, and what would trash them without those that follow. */
function refuseOthers(builder: AnyQueryBuilder, target: () => EntityMetadata | undefined): void {
  const getNativeQuery = builder.getNativeQuery.bind(builder)
  const stream = builder.stream.bind(builder)
  const toRaw = builder.toRaw.bind(builder)
  const truncate = builder.truncate.bind(builder)

  const refuse = () => {
    const model = target()?.className
    if (model === undefined) return
    if (builder.type === 'TRUNCATE') throw new SoftTruncateError(model)
    if (deletes(builder)) throw new TrashingStatementError(model)
  }
  builder.getNativeQuery = (...args) => {
    refuse()
    return getNativeQuery(...args)
  }
  builder.toRaw = () => {
    refuse()
    return toRaw()
  }
  builder.stream = (...args) => {
    refuse()
    return stream(...args)
  }
  builder.truncate = () => {
    const truncated = truncate()
    refuse()
    return truncated
  }
}

/** The soft-deleted model whose rows the statement is about, also when it names no more than the table. */
function softTarget(builder: AnyQueryBuilder, session: SqlEntityManager): EntityMetadata | undefined {
  const { meta, rawTableName } = builder.mainAlias
  if (rawTableName === undefined) return isSoftModel(meta) ? meta : undefined
  return [...session.getMetadata().getAll().values()].find(
    (other) => other.tableName === rawTableName && isSoftModel(other),
  )
}

/** A clone as the ORM makes it, of which nothing takes part in the session. */
function rawClone(builder: AnyQueryBuilder): AnyQueryBuilder {
  const clone = QueryBuilder.prototype.clone.call(builder)
  clone.setLoggerContext(builder.getLoggerContext())
  return clone
}
