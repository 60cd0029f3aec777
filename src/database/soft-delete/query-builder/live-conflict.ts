/** @module The conflict of an insert with live rows, whose unique indexes have to be named with their condition. */
import type { EntityMetadata, Platform } from '@mikro-orm/core'
import { isRaw, raw, Utils } from '@mikro-orm/core'
import { DELETED_AT } from '../deleted-at.ts'
import { uniqueKeys } from '../live-unique.ts'
import { isSoftModel } from '../soft-models.ts'

/**
 * @param fields what the caller gives to `onConflict()`
 * @returns the same, unless it names a unique index of live rows
 */
export function liveConflict(meta: EntityMetadata | undefined, fields: unknown, platform: Platform): unknown {
  if (!meta || !isSoftModel(meta) || isRaw(fields) || fields === undefined) return fields
  const names = Utils.asArray(fields).map(String)
  const wanted = names.toSorted().join()
  const isLive = uniqueKeys(meta).some((key) => key.isLive && key.properties.toSorted().join() === wanted)
  return isLive
    ? raw(`(${columns(meta, names, platform)}) where ${columns(meta, [DELETED_AT], platform)} is null`)
    : fields
}

function columns(meta: EntityMetadata, names: readonly string[], platform: Platform): string {
  const fields = names.flatMap((name) => meta.properties[name]?.fieldNames ?? [name])
  return fields.map((field) => platform.quoteIdentifier(field)).join(', ')
}
