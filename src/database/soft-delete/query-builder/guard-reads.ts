/** @module Lets a query builder find live rows only: its own, those that it joins, and those of its conditions. */
import type { AnyQueryBuilder, SqlEntityManager } from '@mikro-orm/sql'
import { liveConflict } from '../live-conflict.ts'
import { orderPage } from '../order-page.ts'
import { withParents } from './conditions-on-parents.ts'
import { showOnlyLive } from './live-conditions.ts'
import { neededJoin, nestTargets } from './live-joins.ts'
import { joinedMode, type Words } from './words.ts'

export function guardReads(builder: AnyQueryBuilder, session: SqlEntityManager, words: () => Words): void {
  const getNativeQuery = builder.getNativeQuery.bind(builder)
  const join = builder.join.bind(builder)
  const onConflict = builder.onConflict.bind(builder)
  const where = builder.where.bind(builder)
  const platform = session.getPlatform()

  builder.join = (...[field, alias, condition, type, path, schema]: Parameters<typeof join>) =>
    // Only the ORM itself gives a path: for the joins that a condition or an order needs.
    join(field, alias, condition, path === undefined ? type : neededJoin(builder, field, type), path, schema)
  // It takes what the method it replaces takes.
  builder.where = ((...[condition, ...rest]: Parameters<typeof where>) =>
    where(
      withParents(builder.mainAlias.meta, condition) as typeof condition,
      ...rest,
    )) as typeof builder.where
  // It is what was given, or SQL.
  builder.onConflict = (fields) =>
    onConflict(liveConflict(builder.mainAlias.meta, fields, platform) as typeof fields)
  builder.getNativeQuery = (...args) => {
    if (joinedMode(builder, words()) === 'without') {
      nestTargets(builder.state.joins)
      orderPage(builder)
    }
    showOnlyLive(builder, words, platform)
    return getNativeQuery(...args)
  }
}
