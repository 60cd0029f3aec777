/** @module Brings the entities of a session back to a savepoint: they stay managed, and tell what the database has. */
import type { Collection, EntityMetadata } from '@mikro-orm/core'
import { FlushMode, helper } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'
import { asOwnRead } from '../insight/own-reads.ts'
import {
  CollectionMemory,
  collectionsOf,
  dropCollectionEdits,
  unloadCollection,
} from '../sessions/collection-memory.ts'
import { forget, unload } from '../sessions/identity.ts'
import type { RollbackJournal } from '../sessions/rollback-journal.ts'
import { hasKey } from '../soft-delete/entity-rows.ts'

const CHUNK = 500

export class SavepointMemory {
  readonly #em: SqlEntityManager
  readonly #journal: RollbackJournal
  /** What was managed, and whether it was more than a reference. */
  readonly #known = new Map<object, boolean>()
  readonly #collections = new CollectionMemory()
  readonly #noted = new Set<Collection<object>>()

  /**
   * Looks at memory when the savepoint opens; everything pending has been flushed.
   *
   * @param journal that of the savepoint
   */
  constructor(em: SqlEntityManager, journal: RollbackJournal) {
    this.#em = em
    this.#journal = journal
    journal.noteManaged(em.getUnitOfWork(false))
    for (const entity of this.#managed()) {
      this.#known.set(entity, helper(entity).__initialized)
      for (const collection of collectionsOf(entity)) {
        this.#collections.note(collection)
        this.#noted.add(collection)
      }
    }
  }

  /**
   * Called when the database is back at the savepoint: what may have changed since is read again. The journal keeps what the
   * transaction around has to know of.
   */
  async restore(): Promise<void> {
    const managed = this.#managed()
    const removed = this.#removed(managed)
    // What a removed entity was referred to by has lost it in memory.
    const changed = [...managed].filter((entity) => removed.length > 0 || this.#mayDiffer(entity))
    this.#forgetPlans()
    dropCollectionEdits([...managed].filter((entity) => !this.#known.has(entity)))
    this.#journal.undo(this.#em)
    // The journal brings back what was removed or let go of, and may bring back what had lost its row before the savepoint.
    for (const entity of this.#managed()) if (!managed.has(entity)) changed.push(entity)
    this.#collections.restore()
    const left = changed.filter((entity) => helper(entity).__managed && helper(entity).__initialized)
    // What was first read since may tell what is undone.
    for (const entity of left) if (this.#known.has(entity)) this.#journal.noteRead(entity)
    const groups = Map.groupBy(left, (entity) => helper(entity).__meta.root)
    for (const [meta, entities] of groups) {
      for (let i = 0; i < entities.length; i += CHUNK)
        await this.#readAgain(meta, entities.slice(i, i + CHUNK))
    }
    this.#unloadCollections()
  }

  /** What a collection held that was first read since, such as what an upsert gave, may have no row any more. */
  #unloadCollections(): void {
    for (const collection of [...this.#managed()].flatMap(collectionsOf)) {
      if (!this.#noted.has(collection)) unloadCollection(collection)
    }
  }

  async #readAgain(meta: EntityMetadata, entities: readonly object[]): Promise<void> {
    const keys = entities.map((entity) => helper(entity).getPrimaryKey())
    const where = hasKey<object>(meta, keys)
    // Whatever was managed has a row to be read again, also in the trash.
    const options = { refresh: true, filters: false, withTrashed: true, flushMode: FlushMode.COMMIT } as const
    const found = new Set<object>(await asOwnRead(() => this.#em.find(meta.class, where, options)))
    const gone = entities.filter((entity) => !found.has(entity))
    const references = gone.filter((entity) => this.#known.get(entity) === false)
    for (const entity of references) unload(this.#em, entity)
    forget(
      this.#em,
      gone.filter((entity) => !references.includes(entity)),
    )
  }

  #mayDiffer(entity: object): boolean {
    return !this.#known.has(entity) || !this.#journal.isAsNoted(entity) || this.#isDirty(entity)
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
    const planned = [...work.getPersistStack()].filter((entity) => !helper(entity).__originalEntityData)
    forget(this.#em, planned)
    work.getPersistStack().clear()
    work.getRemoveStack().clear()
    work.getOrphanRemoveStack().clear()
  }

  /** Entities whose rows were deleted are not managed any more, and the rows are back. */
  #removed(managed: ReadonlySet<object>): object[] {
    return [...this.#known.keys()].filter((entity) => !managed.has(entity))
  }

  #managed(): Set<object> {
    return new Set(this.#em.getUnitOfWork(false).getIdentityMap().values())
  }
}
