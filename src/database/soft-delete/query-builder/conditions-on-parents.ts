/** @module Conditions on a parent that nothing in the trash fulfils, not even one on what is null there. */
import type { EntityMetadata } from '@mikro-orm/core'
import { isCondition, looksAtRow } from '../reads/relation-conditions.ts'
import { isSoftToOne } from '../reads/soft-relations.ts'

/**
 * Says in conditions on a required parent that it is there: it is joined like one that may be missing, since rows are
 * kept whose parent is in the trash.
 */
export function withParents(meta: EntityMetadata | undefined, where: unknown): unknown {
  if (Array.isArray(where)) return where.map((each) => withParents(meta, each))
  if (!meta || !isCondition(where)) return where
  const result: Record<string | symbol, unknown> = {}
  for (const key of Reflect.ownKeys(where)) {
    const prop = typeof key === 'string' ? meta.properties[key] : undefined
    const target = isOperator(key) ? meta : prop?.targetMeta
    const inner = withParents(target, where[key])
    const isRequired = isSoftToOne(prop) && !prop?.nullable
    result[key] = isRequired && target ? isThere(target, inner) : inner
  }
  return result
}

function isThere(target: EntityMetadata, condition: unknown): unknown {
  const [key] = target.primaryKeys
  if (key === undefined || !isCondition(condition) || !looksAtRow(target, condition)) return condition
  const there = { [key]: { $ne: null } }
  return key in condition ? { $and: [condition, there] } : { ...condition, ...there }
}

function isOperator(key: string | symbol): boolean {
  return typeof key === 'string' && key.startsWith('$')
}
