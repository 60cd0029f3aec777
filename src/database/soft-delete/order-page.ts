/** @module Gives a page of rows that are joined to many an order. */
import { Raw, ReferenceKind, Utils } from '@mikro-orm/core'
import type { AnyQueryBuilder } from '@mikro-orm/sql'
import { reads } from '../sessions/builder-statement.ts'
import { isSoftModel } from './soft-models.ts'

const TO_MANY: ReadonlySet<string> = new Set([ReferenceKind.ONE_TO_MANY, ReferenceKind.MANY_TO_MANY])

/**
 * The ORM asks for such a page by a subquery of its keys. MariaDB forgets the limit of that one when it has no order and
 * its joins have conditions, as those to live rows have.
 */
export function orderPage(builder: AnyQueryBuilder): void {
  const { finalized, joins, limit, offset, orderBy, groupBy, distinctOn } = builder.state
  const isPage = limit !== undefined || offset !== undefined
  const isOrdered = orderBy.some((each) => Utils.hasObjectKeys(each) || Raw.hasObjectFragments(each))
  const isFree = !finalized && !isOrdered && groupBy.length === 0 && distinctOn === undefined
  if (!isPage || !isFree || !reads(builder)) return
  const relations = Object.values(joins).map(({ prop }) => prop)
  if (!relations.some(({ kind }) => TO_MANY.has(kind))) return
  if (!relations.some(({ targetMeta }) => isSoftModel(targetMeta))) return
  builder.orderBy(builder.mainAlias.meta.primaryKeys.map((key) => ({ [key]: 'asc' })))
}
