/** @module Gives soft-deleted models their column and their filter while the ORM reads their metadata. */
import type { EntityMetadata } from '@mikro-orm/core'
import { ReferenceKind } from '@mikro-orm/core'
import { DELETED_AT } from './deleted-at.ts'
import { SOFT_DELETE_FILTER, type TrashMode } from './trash-options.ts'

/** Whether deleting a row of this model keeps it. */
export function isSoftModel(meta: EntityMetadata | undefined): boolean {
  return meta?.class !== undefined && 'softDelete' in meta.class && meta.class.softDelete === true
}

/** Prepares the metadata of a model; called once for each when it is discovered. */
export function prepareSoftModel(meta: EntityMetadata): void {
  if (!isSoftModel(meta)) return
  if (!meta.properties[DELETED_AT]) {
    meta.addProperty({
      name: DELETED_AT,
      kind: ReferenceKind.SCALAR,
      type: 'Date',
      runtimeType: 'Date',
      nullable: true,
      length: 3,
    })
  }
  meta.filters = { ...meta.filters, [SOFT_DELETE_FILTER]: softDeleteFilter }
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
