/** @module A conflict with live rows, whose unique indexes have to be named with their condition. */
import type { EntityMetadata, Platform, RawQueryFragment } from '@mikro-orm/core'
import { isRaw, raw, Utils } from '@mikro-orm/core'
import { DELETED_AT } from './deleted-at.ts'
import { isLiveKey } from './live-unique.ts'
import { isSoftModel } from './soft-models.ts'

/**
 * @param fields what the caller of a query builder gives to `onConflict()`
 * @returns the same, unless it names a unique index of live rows
 */
export function liveConflict(meta: EntityMetadata | undefined, fields: unknown, platform: Platform): unknown {
  if (!meta || !isSoftModel(meta) || isRaw(fields) || fields === undefined) return fields
  const names = Utils.asArray(fields).map(String)
  return isLiveKey(meta, names) ? conflictAmongLive(meta, names, platform) : fields
}

export function conflictAmongLive(
  meta: EntityMetadata,
  names: readonly string[],
  platform: Platform,
): RawQueryFragment & symbol {
  const columns = (all: readonly string[]) =>
    all
      .flatMap((name) => meta.properties[name]?.fieldNames ?? [name])
      .map((field) => platform.quoteIdentifier(field))
      .join(', ')
  return raw(`(${columns(names)}) where ${columns([DELETED_AT])} is null`)
}
