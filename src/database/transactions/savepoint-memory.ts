/** @module Brings the entities of a session back to a savepoint: they stay managed, and tell what the database has. */
import type { EntityMetadata, FilterQuery } from '@mikro-orm/core'
import { FlushMode, helper, Utils } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'
import { asOwnRead } from '../insight/own-reads.ts'
import { CollectionMemory, collectionsOf } from '../sessions/collection-memory.ts'
import { forget } from '../sessions/identity.ts'
import type { RollbackJournal } from '../sessions/rollback-journal.ts'

const CHUNK = 500

export class SavepointMemory {
  readonly #em: SqlEntityManager
  readonly #known = new Set<object>()
  readonly #collections = new CollectionMemory()

  /** Looks at memory when the savepoint opens; everything pending has been flushed. */
  constructor(em: SqlEntityManager) {
    this.#em = em
    for (const entity of this.#managed()) {
      this.#known.add(entity)
      for (const collection of collectionsOf(entity)) {
        this.#collections.note(collection)
      }
    }
  }

  /**
   * Called when the database is back at the savepoint: what may have changed since is read again.
   *
   * @param journal that of the savepoint; it keeps what the transaction around has to know of
   */
  async restore(journal: RollbackJournal): Promise<void> {
    const managed = this.#managed()
    const removed = this.#removed(managed)
    // What a removed entity was referred to by has lost it in memory.
    const changed = [...managed].filter((entity) => removed.length > 0 || this.#mayDiffer(entity, journal))
    this.#forgetPlans()
    journal.undo(this.#em)
    for (const entity of removed) this.#em.getUnitOfWork(false).register(entity)
    // The journal may bring back what had lost its row before the savepoint.
    changed.push(...this.#managed().difference(managed))
    this.#collections.restore()
    const left = changed.filter((entity) => helper(entity).__managed && helper(entity).__initialized)
    for (const entity of left) journal.noteRead(entity)
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
      await asOwnRead(() =>
        this.#em.find(meta.class, where, { refresh: true, filters: false, flushMode: FlushMode.COMMIT }),
      ),
    )
    forget(
      this.#em,
      entities.filter((entity) => !found.has(entity)),
    )
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
    const planned = [...work.getPersistStack()].filter((entity) => !helper(entity).__originalEntityData)
    forget(this.#em, planned)
    work.getPersistStack().clear()
    work.getRemoveStack().clear()
    work.getOrphanRemoveStack().clear()
  }

  /** Entities whose rows were deleted are not managed any more, and the rows are back. */
  #removed(managed: ReadonlySet<object>): object[] {
    return [...this.#known].filter((entity) => !managed.has(entity))
  }

  #managed(): Set<object> {
    return new Set(this.#em.getUnitOfWork(false).getIdentityMap().values())
  }
}
