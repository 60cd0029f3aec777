/** @module Gives soft-deleted models their column and their filter while the ORM reads their metadata. */
import type { EntityMetadata, Platform } from '@mikro-orm/core'
import { MetadataStorage } from '@mikro-orm/core'
import { SoftDeleteRootError } from '../errors.ts'
import { DELETED_AT } from './deleted-at.ts'
import { prepareStamp } from './stamp-column.ts'
import { SOFT_DELETE_FILTER, type TrashMode } from './trash-options.ts'

/** Whether deleting a row of this model keeps it. */
export function isSoftModel(meta: EntityMetadata | undefined): boolean {
  return meta?.class !== undefined && 'softDelete' in meta.class && meta.class.softDelete === true
}

/** Prepares the metadata of a model; called once for each when it is discovered. */
export function prepareSoftModel(meta: EntityMetadata, platform: Platform): void {
  if (!isSoftModel(meta)) return
  refuseHardRoot(meta)
  prepareStamp(meta, platform)
  meta.filters = { ...meta.filters, [SOFT_DELETE_FILTER]: softDeleteFilter }
}

/** A table belongs to one root: read or deleted through a hard one, soft rows would be seen and destroyed. */
function refuseHardRoot(meta: EntityMetadata): void {
  for (
    let type = Object.getPrototypeOf(meta.class);
    typeof type === 'function';
    type = Object.getPrototypeOf(type)
  ) {
    const isMapped =
      Object.hasOwn(type, MetadataStorage.META_SYMBOL) && type[MetadataStorage.META_SYMBOL].name
    if (isMapped && type.softDelete !== true) throw new SoftDeleteRootError(meta.className, type.name)
  }
}

const CONDITIONS: Readonly<Record<TrashMode, object>> = {
  without: { [DELETED_AT]: null },
  only: { [DELETED_AT]: { $ne: null } },
  with: {},
}

const softDeleteFilter = {
  name: SOFT_DELETE_FILTER,
  default: true,
  // The filter works without arguments: then it leaves deleted rows out.
  args: false,
  cond: (args?: { mode?: TrashMode }) => CONDITIONS[args?.mode ?? 'without'],
}
