/** @module What a query builder will do: a condition that joins lets it pretend to be a SELECT until it is compiled. */
import { QueryFlag } from '@mikro-orm/core'
import type { AnyQueryBuilder } from '@mikro-orm/sql'

/** A builder, as far as its statement can be told from it. */
type Builder = Pick<AnyQueryBuilder, 'type' | 'hasFlag'>

export function deletes(builder: Builder): boolean {
  return builder.type === 'DELETE' || builder.hasFlag(QueryFlag.DELETE_SUB_QUERY)
}

/** Whether it updates or deletes. */
export function modifies(builder: Builder): boolean {
  return builder.type === 'UPDATE' || builder.hasFlag(QueryFlag.UPDATE_SUB_QUERY) || deletes(builder)
}

/** Whether it only reads. */
export function reads(builder: Builder): boolean {
  return (builder.type === 'SELECT' || builder.type === 'COUNT') && !modifies(builder)
}
