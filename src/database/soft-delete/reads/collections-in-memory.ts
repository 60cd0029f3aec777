/** @module Collections in memory: which trash they were loaded with, and how what they do not show leaves them. */
import type { Collection } from '@mikro-orm/core'
import { helper, ReferenceKind, Utils } from '@mikro-orm/core'
import { takeOut } from '../collections.ts'
import { isTrashed } from '../deleted-at.ts'
import type { TrashMode } from '../trash-options.ts'
import { parentOf } from './parents-in-trash.ts'

/** Which rows a collection was asked to show when it was loaded; one that is not here has come with its owner. */
export const wasLoadedIn = new WeakMap<object, TrashMode>()

/** Takes what is in the trash out of a collection. */
export function leaveOut(collection: Collection<object>): void {
  takeOut(collection, new Set(collection.getItems(false).filter(isTrashed)))
}

/** Takes a row of the trash that has just been read out of the collections that were loaded without it. */
export function leaveParents(entity: object): void {
  for (const prop of helper(entity).__meta.relations) {
    if (prop.kind !== ReferenceKind.MANY_TO_ONE || !prop.inversedBy) continue
    const parent = parentOf(entity, prop)
    const collection: unknown = parent && Reflect.get(parent, prop.inversedBy)
    if (!Utils.isCollection<object>(collection) || !collection.isInitialized()) continue
    // The ORM adds what it reads to collections that are there, and makes others anew with all that they are to show.
    const wasThere = wasLoadedIn.get(collection) !== 'without' && collection.getSnapshot()?.includes(entity)
    if (collection.contains(entity) && !wasThere) takeOut(collection, new Set([entity]))
  }
}
