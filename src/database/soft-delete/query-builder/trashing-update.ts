/** @module The UPDATE that a DELETE of a query builder becomes: of live rows only, so that the first stamp wins. */
import type { EntityMetadata } from '@mikro-orm/core'
import { QueryFlag, raw, Utils } from '@mikro-orm/core'
import type { AnyQueryBuilder, SqlEntityManager } from '@mikro-orm/sql'
import { DELETED_AT } from '../deleted-at.ts'
import { stampChange } from '../trash.ts'

/** @param builder a clone that nobody else uses, whose own conditions are as they were written */
export function trashingUpdate(
  builder: AnyQueryBuilder,
  session: SqlEntityManager,
  stamp: Date,
): AnyQueryBuilder {
  const isJoined = builder.hasFlag(QueryFlag.DELETE_SUB_QUERY)
  builder.unsetFlag(QueryFlag.DELETE_SUB_QUERY)
  const update =
    isJoined || needsSubquery(builder) ? updateByKeys(builder, session, stamp) : updateAlone(builder, stamp)
  Reflect.set(update, 'connectionType', 'write')
  return update
}

/** What no database, or not each of them, takes in an UPDATE. */
function needsSubquery({ state, mainAlias: { meta, subQuery } }: AnyQueryBuilder): boolean {
  const isPart = state.limit !== undefined || state.offset !== undefined || state.groupBy.length > 0
  const isJoined = Object.keys(state.joins).length > 0 || state.ctes.length > 0 || subQuery !== undefined
  return isPart || isJoined || meta.tptParent !== undefined
}

function updateAlone(builder: AnyQueryBuilder, stamp: Date): AnyQueryBuilder {
  const { cond } = builder.state
  // The ORM wants conditions to come after the change.
  builder.state.cond = {}
  builder.update(stampChange(stamp))
  builder.state.cond = cond
  builder.andWhere({ [DELETED_AT]: null })
  return builder.orderBy([])
}

/**
 * The condition that a row is one of those that a DELETE is about.
 *
 * @param builder as for `trashingUpdate`
 */
export function rowsOf(builder: AnyQueryBuilder, session: SqlEntityManager): object {
  const { primaryKeys } = builder.mainAlias.meta
  const { limit, offset } = builder.state
  const rows = builder
    .unsetFlag(QueryFlag.DELETE_SUB_QUERY)
    .unsetFlag(QueryFlag.DISTINCT)
    .select([...primaryKeys])
  if (limit === undefined && offset === undefined) rows.orderBy([])
  const { sql, params } = rows.toQuery()
  // A table of its own: MySQL takes no limit in such a subquery, and none that reads the table it updates.
  const keys = `select * from (${sql}) as ${session.getPlatform().quoteIdentifier('trashed')}`
  return { [Utils.getPrimaryKeyHash(primaryKeys)]: { $in: raw(keys, [...params]) } }
}

function updateByKeys(builder: AnyQueryBuilder, session: SqlEntityManager, stamp: Date): AnyQueryBuilder {
  const { meta } = builder.mainAlias
  const { returning, schema } = builder.state
  const rows = rowsOf(builder, session)
  const update = session.getDriver().createQueryBuilder(withStamp(meta).class, undefined, 'write', true)
  update.setLoggerContext(builder.getLoggerContext())
  if (schema !== undefined) update.withSchema(schema)
  update.update(stampChange(stamp))
  update.where({ ...rows, [DELETED_AT]: null })
  update.state.returning = returning ?? []
  return update
}

/** With a table for each type, the stamp is in that of the root. */
function withStamp(meta: EntityMetadata): EntityMetadata {
  return meta.tptParent ? withStamp(meta.tptParent) : meta
}
