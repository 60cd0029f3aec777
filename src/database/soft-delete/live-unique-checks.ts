/** @module Refuses unique properties that no index can keep unique among live rows. */
import type { EntityMetadata } from '@mikro-orm/core'
import { DELETED_AT } from './deleted-at.ts'
import { SoftDeleteUniqueError } from './errors.ts'
import { isForLiveRows, uniqueKeys } from './live-unique.ts'
import { isSoftModel } from './soft-models.ts'

const COVER = 'Let it cover the trash as well, with @Unique({ withTrashed: true }) instead of "unique".'

/** @throws {SoftDeleteUniqueError} */
export function checkUniqueKeys(soft: readonly EntityMetadata[], all: readonly EntityMetadata[]): void {
  for (const meta of soft) {
    if (meta.tptParent) refuseWithoutStamp(meta)
    refuseDeferred(meta)
  }
  for (const { relations } of all) {
    for (const { targetMeta, targetKey } of relations) {
      if (targetKey && targetMeta && isSoftModel(targetMeta)) refuseReferenced(targetMeta, targetKey)
    }
  }
}

/** The stamp is a column of the table of the base class. */
function refuseWithoutStamp(meta: EntityMetadata): void {
  const own = new Set<string>(meta.ownProps?.map(({ name }) => name))
  const key = uniqueKeys(meta).find(
    ({ isLive, properties }) => isLive && properties.some((name) => own.has(name)),
  )
  if (!key) return
  const reason = `${DELETED_AT} is in the table of ${meta.tptParent?.className}`
  throw new SoftDeleteUniqueError(meta.className, key.properties, reason, COVER)
}

function refuseDeferred(meta: EntityMetadata): void {
  const deferred = meta.uniques.find((unique) => unique.deferMode && isForLiveRows(unique))
  const property = meta.props.find(({ unique, deferMode, kind }) => unique && deferMode && kind === 'scalar')
  const names = deferred ? [deferred.properties ?? []].flat() : property && [property.name]
  if (!names) return
  const fix =
    'Take deferMode away, or let it cover the trash as well, with @Unique({ withTrashed: true, deferMode }).'
  throw new SoftDeleteUniqueError(
    meta.className,
    names.map(String),
    'a partial index cannot be deferred',
    fix,
  )
}

/** A foreign key can only refer to what is unique in the whole table. */
function refuseReferenced(meta: EntityMetadata, key: string): void {
  const isLive = uniqueKeys(meta).some((unique) => unique.isLive && unique.properties.join() === key)
  if (!isLive) return
  const fix = 'Refer to the primary key instead: a key that rows in the trash give up is no target.'
  throw new SoftDeleteUniqueError(meta.className, [key], 'a foreign key refers to it', fix)
}
