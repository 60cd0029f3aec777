/** @module Adds to the SQL of a query builder that rows are live; the builder itself stays as it was written. */
import type { Dictionary, Platform } from '@mikro-orm/core'
import type { AnyQueryBuilder } from '@mikro-orm/sql'
import { DELETED_AT } from '../deleted-at.ts'
import { isSoftModel } from '../soft-models.ts'
import { withLiveTarget } from './live-joins.ts'
import { joinedMode, ownMode, type Words } from './words.ts'

/** Seams: `QueryBuilderHelper.appendQueryCondition` and `createJoinExpression`, of the helper that the builder has now. */
export function showOnlyLive(builder: AnyQueryBuilder, words: () => Words, platform: Platform): void {
  const { helper } = builder
  if (Object.hasOwn(helper, 'appendQueryCondition')) return
  const appendQueryCondition = helper.appendQueryCondition.bind(helper)
  helper.appendQueryCondition = (type, cond, query, operator, method = 'where') => {
    const live = method === 'where' ? ownConditions(builder, words()) : []
    const all = live.length > 0 ? { $and: [cond, ...live] } : cond
    appendQueryCondition(type, all, query, operator, method)
  }
  const createJoinExpression = helper.createJoinExpression.bind(helper)
  helper.createJoinExpression = (join, ...rest) => {
    const isFiltered = joinedMode(builder, words()) === 'without'
    return createJoinExpression(isFiltered ? withLiveTarget(join, platform) : join, ...rest)
  }
}

const STATEMENTS: ReadonlySet<string> = new Set(['SELECT', 'COUNT', 'UPDATE', 'DELETE'])

function ownConditions(builder: AnyQueryBuilder, words: Words): Dictionary[] {
  const { meta, aliasName, subQuery, rawTableName } = builder.mainAlias
  // A subquery has conditions of its own, and need not have the column.
  if (!isSoftModel(meta) || subQuery || rawTableName || !STATEMENTS.has(builder.type)) return []
  const isAmbiguous = builder.helper.isTableNameAliasRequired(builder.type) || hasJoins(builder)
  const column = isAmbiguous ? `${aliasName}.${DELETED_AT}` : DELETED_AT
  const mode = ownMode(builder, words)
  if (mode === 'with') return []
  return [{ [column]: mode === 'only' ? { $ne: null } : null }]
}

function hasJoins({ state }: AnyQueryBuilder): boolean {
  return Object.keys(state.joins).length > 0
}
