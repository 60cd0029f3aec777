/** @module Lets the query builders of a session see live rows only, and trash where they would delete. */
import type { EntityMetadata } from '@mikro-orm/core'
import { QueryFlag } from '@mikro-orm/core'
import { type AnyQueryBuilder, QueryBuilder, type SqlEntityManager } from '@mikro-orm/sql'
import { deletes, modifies } from '../../sessions/builder-statement.ts'
import { isSoftModel } from '../soft-models.ts'
import { operationStamp } from '../trash.ts'
import { withParents } from './conditions-on-parents.ts'
import { SoftTruncateError, TrashingStatementError } from './errors.ts'
import { showOnlyLive } from './live-conditions.ts'
import { liveConflict } from './live-conflict.ts'
import { neededJoin, nestTargets } from './live-joins.ts'
import { orderPage } from './order-page.ts'
import { type QueryTrashingSession, trashByQuery } from './trash-by-query.ts'
import { trashingUpdate } from './trashing-update.ts'
import { joinedMode, unsaid, type Words } from './words.ts'

/** The words are kept apart from the state of the builder, and are heard when it is compiled. Clones take them along. */
export function guardQueryBuilder(
  builder: AnyQueryBuilder,
  session: QueryTrashingSession,
  spoken: Words = unsaid(),
): AnyQueryBuilder {
  const clone = builder.clone.bind(builder)
  const count = builder.count.bind(builder)
  const execute = builder.execute.bind(builder)
  const getNativeQuery = builder.getNativeQuery.bind(builder)
  const join = builder.join.bind(builder)
  const onConflict = builder.onConflict.bind(builder)
  const stream = builder.stream.bind(builder)
  const toQuery = builder.toQuery.bind(builder)
  const toRaw = builder.toRaw.bind(builder)
  const truncate = builder.truncate.bind(builder)
  const where = builder.where.bind(builder)
  let words = spoken

  const say = (more: Partial<Words>) => {
    // Refused by the ORM when it is compiled already: then nobody would listen.
    builder.comment([])
    words = { ...words, ...more }
    return builder
  }
  const fresh = () => guardQueryBuilder(rawClone(builder), session, words)
  const isTrashing = () => deletes(builder) && !words.force && softTarget(builder, session) !== undefined
  const refuse = () => {
    const model = words.force ? undefined : softTarget(builder, session)?.className
    if (model === undefined) return
    if (builder.type === 'TRUNCATE') throw new SoftTruncateError(model)
    if (deletes(builder)) throw new TrashingStatementError(model)
  }

  builder.withTrashed = () => say({ mode: 'with' })
  builder.onlyTrashed = () => say({ mode: 'only' })
  builder.force = () => say({ force: true })
  // A collection operator begins a query of its own with a clone that is empty; it is about what the query joins.
  builder.clone = (reset, preserve) =>
    guardQueryBuilder(
      clone(reset, preserve),
      session,
      reset === true ? { ...words, mode: joinedMode(builder, words) } : words,
    )
  builder.join = (...[field, alias, condition, type, path, schema]: Parameters<typeof join>) =>
    // Only the ORM itself gives a path: for the joins that a condition or an order needs.
    join(field, alias, condition, path === undefined ? type : neededJoin(builder, field, type), path, schema)
  // It takes what the method it replaces takes.
  builder.where = ((...[condition, ...rest]: Parameters<typeof where>) =>
    where(
      withParents(builder.mainAlias.meta, condition) as typeof condition,
      ...rest,
    )) as typeof builder.where
  builder.onConflict = (fields) =>
    onConflict(liveConflict(builder.mainAlias.meta, fields, session.getPlatform()) as typeof fields)
  builder.count = (...args) => {
    // The ORM would delete what it is to count, or count keys that are different.
    if (modifies(builder)) builder.unsetFlag(QueryFlag.DISTINCT)
    builder.unsetFlag(QueryFlag.DELETE_SUB_QUERY).unsetFlag(QueryFlag.UPDATE_SUB_QUERY)
    return count(...args)
  }
  builder.getNativeQuery = (...args) => {
    refuse()
    if (joinedMode(builder, words) === 'without') {
      nestTargets(builder.state.joins)
      orderPage(builder)
    }
    showOnlyLive(builder, () => words, session.getPlatform())
    return getNativeQuery(...args)
  }
  builder.toQuery = () =>
    isTrashing() ? trashingUpdate(fresh(), session, operationStamp()).toQuery() : toQuery()
  builder.toRaw = () => {
    refuse()
    return toRaw()
  }
  builder.stream = (...args) => {
    refuse()
    return stream(...args)
  }
  builder.execute = (method, options) => {
    // The ORM takes what pretends to be a SELECT for one.
    const kind = method ?? (modifies(builder) ? 'run' : undefined)
    if (!isTrashing()) return execute(kind, options)
    return trashByQuery(session, builder.mainAlias.meta, builder.state.schema, (stamp, ctx) => {
      const update = trashingUpdate(fresh(), session, stamp)
      Reflect.set(update, 'context', ctx)
      return update.execute(kind, options)
    })
  }
  builder.truncate = () => {
    const truncated = truncate()
    refuse()
    return truncated
  }
  return builder
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
