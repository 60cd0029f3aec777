/** @module Collections in memory: which trash they were loaded with, and how an entity leaves one. */
import type { Collection } from '@mikro-orm/core'
import { helper, Reference, ReferenceKind, Utils } from '@mikro-orm/core'
import { isTrashed } from '../deleted-at.ts'
import type { TrashMode } from '../trash-options.ts'

/** Which rows a collection was asked to show when it was loaded; one that is not here has come with its owner. */
export const wasLoadedIn = new WeakMap<object, TrashMode>()

/** Takes what is in the trash out of a collection, without a change for the unit of work to write. */
export function leaveOut(collection: Collection<object>): void {
  for (const item of collection.getItems(false)) {
    if (isTrashed(item)) takeOut(collection, item)
  }
}

/** Takes a row of the trash that has just been read out of the collections that were loaded without it. */
export function leaveCollections(entity: object): void {
  for (const prop of helper(entity).__meta.relations) {
    if (prop.kind !== ReferenceKind.MANY_TO_ONE || !prop.inversedBy) continue
    const parent = Reference.unwrapReference(Reflect.get(entity, prop.name) ?? {})
    const collection: unknown = Reflect.get(parent, prop.inversedBy)
    if (!Utils.isCollection<object>(collection) || !collection.isInitialized()) continue
    if (collection.contains(entity) && (wasLoadedIn.get(collection) ?? 'without') === 'without')
      takeOut(collection, entity)
  }
}

/** Rows of the trash that were read into a collection of children are no change of it: each has its own foreign key. */
export function settle(collection: Collection<object>): void {
  if (!collection.isDirty() || collection.property.kind !== ReferenceKind.ONE_TO_MANY) return
  const before = new Set(collection.getSnapshot() ?? [])
  const added = collection.getItems(false).filter((item) => !before.delete(item))
  if (before.size > 0 || !added.every((item) => isTrashed(item))) return
  collection.setDirty(false)
  collection.takeSnapshot()
}

function takeOut(collection: Collection<object>, item: object): void {
  const before = new Set(collection.getSnapshot() ?? [])
  const wasKnown = before.delete(item)
  collection.removeWithoutPropagation(item as never)
  const rest = collection.getItems(false)
  const isClean = rest.length === before.size && rest.every((each) => before.has(each))
  if (!isClean) return
  collection.setDirty(false)
  if (wasKnown) collection.takeSnapshot()
}
