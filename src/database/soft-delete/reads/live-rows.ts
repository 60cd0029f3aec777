/** @module Adds to every condition that the rows it finds are not in the trash. */
import type { EntityManager, EntityMetadata, FilterQuery } from '@mikro-orm/core'
import { Raw, Utils } from '@mikro-orm/core'
import { DELETED_AT } from '../deleted-at.ts'
import { isSoftModel } from '../soft-models.ts'
import { modeOf, otherFilters, type TrashMode } from '../trash-options.ts'
import { relationConditions } from './relation-conditions.ts'

const CONDITIONS: Readonly<Record<TrashMode, object | undefined>> = {
  without: { [DELETED_AT]: null },
  only: { [DELETED_AT]: { $ne: null } },
  with: undefined,
}

type Filters = Parameters<EntityManager['applyFilters']>[2]

/**
 * What `EntityManager.applyFilters` gives, and the rows of soft-deleted models that the query asks for. It is no filter of
 * the model: `filters: false` is about those of the application.
 */
export async function liveRows<T extends object>(
  meta: EntityMetadata<T>,
  where: FilterQuery<T> | undefined,
  filters: Filters,
  applyOthers: (where: FilterQuery<T> | undefined, others: Filters) => Promise<FilterQuery<T> | undefined>,
): Promise<FilterQuery<T> | undefined> {
  // Conditions on relations are rewritten in the shape that they came in, and filters as the ORM takes them.
  const seen = relationConditions(meta, where, filters) as FilterQuery<T> | undefined
  const found = await applyOthers(seen, otherFilters(filters) as Filters)
  const condition = isSoftModel(meta) ? CONDITIONS[modeOf(filters)] : undefined
  if (!condition) return found
  const isAny = found === undefined || !(Utils.hasObjectKeys(found) || Raw.hasObjectFragments(found))
  // Every soft-deleted model has the column; the type of the model may not declare it.
  return (isAny ? { ...condition } : { $and: [{ ...condition }, found] }) as unknown as FilterQuery<T>
}
