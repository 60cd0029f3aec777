/** @module Brings the entities of a session back to a savepoint: they stay managed, and tell what the database has. */
import type { Collection, EntityMetadata, FilterQuery } from '@mikro-orm/core'
import { FlushMode, helper, Utils } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'
import { collectionsOf } from '../sessions/detach-all.ts'
import type { RollbackJournal } from '../sessions/rollback-journal.ts'

const CHUNK = 500

export class SavepointMemory {
  readonly #em: SqlEntityManager
  readonly #known = new Set<object>()
  readonly #collections = new Map<Collection<object>, object[]>()

  /** Looks at memory when the savepoint opens; everything pending has been flushed. */
  constructor(em: SqlEntityManager) {
    this.#em = em
    for (const entity of this.#managed()) {
      this.#known.add(entity)
      for (const collection of collectionsOf(entity)) {
        if (collection.isInitialized()) this.#collections.set(collection, collection.getItems(false))
      }
    }
  }

  /** Called when the database is back at the savepoint: what may have changed since is read again. */
  async restore(journal: RollbackJournal): Promise<void> {
    const removed = this.#removed()
    // What a removed entity was referred to by has lost it in memory.
    const changed = this.#managed().filter((entity) => removed.length > 0 || this.#mayDiffer(entity, journal))
    this.#forgetPlans()
    journal.undo(this.#em)
    for (const entity of removed) this.#em.getUnitOfWork(false).register(entity)
    changed.push(...removed)
    for (const [collection, items] of this.#collections) reset(collection, items)
    const left = changed.filter((entity) => helper(entity).__managed && helper(entity).__initialized)
    const groups = Map.groupBy(left, (entity) => helper(entity).__meta.root)
    for (const [meta, entities] of groups) {
      for (let i = 0; i < entities.length; i += CHUNK)
        await this.#readAgain(meta, entities.slice(i, i + CHUNK))
    }
  }

  async #readAgain(meta: EntityMetadata, entities: readonly object[]): Promise<void> {
    const keys = entities.map((entity) => helper(entity).getPrimaryKey())
    // The keys are those of the metadata, which the types of the ORM cannot know.
    const where = { [Utils.getPrimaryKeyHash(meta.primaryKeys)]: { $in: keys } } as FilterQuery<object>
    const found = new Set<object>(
      await this.#em.find(meta.class, where, { refresh: true, filters: false, flushMode: FlushMode.COMMIT }),
    )
    for (const entity of entities) if (!found.has(entity)) this.#em.getUnitOfWork(false).unsetIdentity(entity)
  }

  #mayDiffer(entity: object, journal: RollbackJournal): boolean {
    return !this.#known.has(entity) || journal.hasWritten(entity) || this.#isDirty(entity)
  }

  #isDirty(entity: object): boolean {
    const { __originalEntityData: original, __meta: meta } = helper(entity)
    if (!original) return false
    const comparator = this.#em.getComparator()
    return (
      Object.keys(comparator.diffEntities(meta.class, original, comparator.prepareEntity(entity))).length > 0
    )
  }

  /** What was to be inserted or removed by a later flush belongs to the work that is undone. */
  #forgetPlans(): void {
    const work = this.#em.getUnitOfWork(false)
    for (const entity of [...work.getPersistStack()]) {
      if (!helper(entity).__originalEntityData) work.unsetIdentity(entity)
    }
    work.getPersistStack().clear()
    work.getRemoveStack().clear()
    work.getOrphanRemoveStack().clear()
  }

  /** Entities whose rows were deleted are not managed any more, and the rows are back. */
  #removed(): object[] {
    const managed = new Set(this.#managed())
    return [...this.#known].filter((entity) => !managed.has(entity))
  }

  #managed(): object[] {
    return [...this.#em.getUnitOfWork(false).getIdentityMap().values()]
  }
}

function reset(collection: Collection<object>, items: readonly object[]): void {
  const now = collection.getItems(false)
  const isSame = now.length === items.length && items.every((item, index) => item === now[index])
  if (!isSame) collection.hydrate([...items], true)
  collection.setDirty(false)
}
