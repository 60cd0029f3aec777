/** @module Results that were cached before a row was deleted must not show it afterwards. */
import type { EntityMetadata } from '@mikro-orm/core'
import { SoftDeleteCacheError } from '../errors.ts'
import { isSoftModel } from '../soft-models.ts'
import { trashMode } from '../trash-options.ts'
import { childrenOf, type Hint, relationOf } from './soft-relations.ts'

/**
 * Tells whether the result of a read may come from the cache. One that the caller has not asked for is passed over.
 *
 * @param key what the ORM computes from the query: its model, its method, its options, its condition
 * @throws {SoftDeleteCacheError} when the caller has asked for it
 */
export function mayBeCached(meta: EntityMetadata, config: unknown, key: unknown): boolean {
  const options: object = Array.isArray(key) && isObject(key[2]) ? key[2] : {}
  const soft = isSoftModel(meta)
    ? meta
    : softAmong(meta, childrenOf({ field: '', children: Reflect.get(options, 'populate') }))
  if (!soft || trashMode(options) === 'with') return true
  if (config !== undefined && config !== false) throw new SoftDeleteCacheError(soft.className)
  return false
}

function softAmong(meta: EntityMetadata, hints: readonly Hint[]): EntityMetadata | undefined {
  for (const hint of hints) {
    const target = relationOf(meta, hint)?.targetMeta
    const found = isSoftModel(target) ? target : target && softAmong(target, childrenOf(hint))
    if (found) return found
  }
  return undefined
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
