/** @module What the collections of entities held before a transaction changed them. */
import { Collection, helper, ReferenceKind, type UnitOfWork, Utils } from '@mikro-orm/core'
import { setItems } from './collection-items.ts'

/** The items of each collection; undefined when they had not been loaded. */
export class CollectionMemory {
  readonly #items = new Map<Collection<object>, readonly object[] | undefined>()

  /** Notes what a collection held when it was last in step with the database. The first note counts. */
  note(collection: Collection<object>): void {
    if (this.#items.has(collection)) return
    const items = collection.isDirty() ? collection.getSnapshot() : collection.getItems(false)
    this.#items.set(collection, collection.isInitialized() ? items : undefined)
  }

  /** Hands the notes to the transaction around this one, but for those that tell it nothing. */
  moveTo(outer: CollectionMemory, isNews: (owner: object) => boolean): void {
    for (const [collection, items] of this.#items) {
      if (!outer.#items.has(collection) && isNews(collection.owner)) outer.#items.set(collection, items)
    }
    this.clear()
  }

  clear(): void {
    this.#items.clear()
  }

  restore(): void {
    for (const [collection, items] of this.#items) restoreItems(collection, items)
    this.clear()
  }
}

/** Takes back what was added or removed and not flushed. */
export function dropCollectionEdits(entities: readonly object[]): void {
  // The first that is restored would tell the other side of it that it is in step again.
  const memory = new CollectionMemory()
  for (const collection of entities.flatMap(collectionsOf)) if (collection.isDirty()) memory.note(collection)
  memory.restore()
}

/** Lets a collection be one that has not been loaded. */
export function unloadCollection(collection: Collection<object>): void {
  restoreItems(collection, undefined)
}

/** A flush leaves some collections as changed that have nothing left to write: then their notes would be of old. */
export function settleCollections(work: UnitOfWork): void {
  for (const entity of work.getIdentityMap().values()) {
    for (const collection of collectionsOf(entity)) {
      const isInverse = collection.property.kind === ReferenceKind.ONE_TO_MANY
      if (isInverse && collection.isDirty() && collection.getSnapshot()) collection.takeSnapshot()
    }
  }
}

export function collectionsOf(entity: object): Collection<object>[] {
  return helper(entity).__meta.relations.flatMap(({ name }) => {
    const value: unknown = Reflect.get(entity, name)
    return Utils.isCollection(value) ? [value] : []
  })
}

function restoreItems(collection: Collection<object>, items: readonly object[] | undefined): void {
  const now = collection.getItems(false)
  if (items === undefined) {
    // Items cannot be taken out of a collection that is not loaded: another one takes its place.
    if (now.length > 0 || collection.isInitialized()) {
      Collection.create(collection.owner, collection.property.name as never, undefined, false)
    }
    return
  }
  const isSame = now.length === items.length && items.every((item, index) => item === now[index])
  if (!isSame) {
    // The owning side is brought back by itself, and may say that an item had left this collection before.
    setItems(collection, items)
  }
  collection.takeSnapshot()
}
