/** @module Which items a collection holds, without a change for the unit of work to write. */
import type { Collection } from '@mikro-orm/core'

/**
 * Lets a collection hold these items, in this order, in one pass: to take them out one by one makes the ORM number the rest
 * anew each time. Neither the other sides of the relation hear of it, nor the snapshot; the collection counts as changed.
 */
export function setItems(collection: Collection<object>, items: readonly object[]): void {
  const snapshot = collection.getSnapshot()
  if (collection.isInitialized() && snapshot) {
    empty(collection)
    const emptied = collection.getSnapshot() ?? []
    for (const item of snapshot) emptied.push(item)
  } else for (const item of collection.getItems(false)) collection.removeWithoutPropagation(item)
  for (const item of items) collection.addWithoutPropagation(item)
  collection.setDirty()
}

/** Seam: `Collection.hydrate`, which adds through `add`; that refuses a collection that is read-only, and persists. */
function empty(collection: Collection<object>): void {
  Object.defineProperty(collection, 'add', { value: () => 0, configurable: true })
  try {
    collection.hydrate([], false, collection.isPartial())
  } finally {
    Reflect.deleteProperty(collection, 'add')
  }
}
