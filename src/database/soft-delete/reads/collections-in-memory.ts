/** @module Collections in memory: which trash they were loaded with, and how an entity leaves one. */
import type { Collection } from '@mikro-orm/core'
import { isTrashed } from '../deleted-at.ts'
import type { TrashMode } from '../trash-options.ts'

/** Which rows a collection was asked to show when it was loaded; one that is not here has come with its owner. */
export const wasLoadedIn = new WeakMap<object, TrashMode>()

/** Takes what is in the trash out of a collection, without a change for the unit of work to write. */
export function leaveOut(collection: Collection<object>): void {
  const trashed = collection.getItems(false).filter((item) => isTrashed(item))
  if (trashed.length === 0) return
  const wasDirty = collection.isDirty()
  for (const item of trashed) collection.removeWithoutPropagation(item as never)
  collection.setDirty(wasDirty)
  if (!wasDirty) collection.takeSnapshot()
}
