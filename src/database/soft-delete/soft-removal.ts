/** @module Makes the unit of work trash rows where it would delete them: the DELETE stays planned, its statement changes. */
import type { ChangeSet, DriverMethodOptions, EntityMetadata, ObjectQuery } from '@mikro-orm/core'
import { ChangeSetType, helper, LockMode, ReferenceKind, Utils } from '@mikro-orm/core'
import { dialectOf } from '../connections/dialect-of.ts'
import { cascadeTrash, type TrashingSession } from './cascade.ts'
import { checkVersions } from './check-versions.ts'
import { leaveCollections } from './collections.ts'
import { asDate, DELETED_AT, isTrashed } from './deleted-at.ts'
import { hasKey, readFromRows } from './entity-rows.ts'
import { freeStamp, type Roots } from './free-stamp.ts'
import { chunksOf } from './key-rows.ts'
import { removedWith } from './removed-with.ts'
import { isSoftModel } from './soft-models.ts'
import { dropEdits, mirrorStamp, mirrorVersions } from './trash.ts'
import { trashByKeys } from './trash-by-keys.ts'

type Entity = object

const REMOVALS: ReadonlySet<ChangeSetType> = new Set([ChangeSetType.DELETE, ChangeSetType.DELETE_EARLY])

/** The seams of one session's unit of work. */
export class SoftRemoval {
  readonly #em: TrashingSession
  /** What is in the remove stack by force: whatever takes it out of there takes the force from it. */
  readonly #forced = new Set<Entity>()
  /** What the flush that is going on removes with these. */
  readonly #forcedAlong = new Set<Entity>()
  readonly #justTrashed = new Set<Entity>()
  readonly #kept = new Set<Entity>()
  #stamp: Date | undefined
  /** The entity that is being removed by force right now. */
  #forcing: Entity | undefined
  #isFlushing = false

  constructor(em: TrashingSession) {
    this.#em = em
    this.#replaceDeletes()
    this.#keepIdentity()
    this.#keepForeignKeys()
    this.#commitByFlush()
  }

  /** Lets the next flush delete this entity's row for good, unless it is taken back until then. */
  force(entity: Entity, remove: () => void): void {
    const before = this.#forcing
    this.#forcing = entity
    try {
      remove()
    } finally {
      this.#forcing = before
    }
  }

  /** Runs a flush: everything that it trashes carries one stamp, and its force ends with it. */
  async operate(flush: () => Promise<void>): Promise<void> {
    // Refused, or told to wait, by the ORM.
    if (this.#isFlushing) return flush()
    this.#isFlushing = true
    this.#stamp = undefined
    this.#dropStaleForce()
    // What the ORM is about to remove with an entity goes as the entity does.
    for (const entity of this.#forced) removedWith(entity, this.#forcedAlong)
    try {
      await flush()
    } finally {
      this.#forcedAlong.clear()
      this.#dropStaleForce()
      this.#isFlushing = false
    }
  }

  /** Seam: `UnitOfWork.commit`. Called by hand, it is a flush, and a part of the transaction of the session. */
  #commitByFlush(): void {
    const uow = this.#em.getUnitOfWork(false)
    const commit = uow.commit.bind(uow)
    uow.commit = () => (this.#isFlushing ? commit() : this.#em.flush())
  }

  /** Forgets the force of what is not going to be removed any more, or is undone. */
  #dropStaleForce(): void {
    const planned = this.#em.getUnitOfWork(false).getRemoveStack()
    for (const entity of this.#forced) if (!planned.has(entity)) this.#forced.delete(entity)
  }

  /** Runs a read that would let go of the entity when it does not show its row. */
  async keeping<R>(entity: Entity, read: () => Promise<R>): Promise<R> {
    this.#kept.add(entity)
    try {
      return await read()
    } finally {
      this.#kept.delete(entity)
    }
  }

  /** Seam: `ChangeSetPersister.executeDeletes`. */
  #replaceDeletes(): void {
    const persister = this.#em.getUnitOfWork(false).getChangeSetPersister()
    const hardDeletes = persister.executeDeletes.bind(persister)
    persister.executeDeletes = async (changeSets, options, withSchema) => {
      const hard = changeSets.filter((set) => !this.#isSoft(set.entity))
      const soft = changeSets.filter((set) => this.#isSoft(set.entity))
      if (hard.length > 0) await hardDeletes(hard, options, withSchema)
      for (const sets of Map.groupBy(soft, (set) => set.schema).values()) {
        for (const chunk of chunksOf(sets)) await this.#trash(chunk, options)
      }
    }
  }

  async #trash<T extends Entity>(
    sets: readonly ChangeSet<T>[],
    options: DriverMethodOptions = {},
  ): Promise<void> {
    const first = sets[0]
    if (!first) return
    const meta = first.meta.root
    this.#stamp ??= await freeStamp(this.#em, this.#planned(), options)
    const stamp = this.#stamp
    const schema = first.schema ?? meta.schema
    const statement = { ...options, ...(schema ? { schema } : {}) }
    const rows = rowsOf(meta, sets)
    const entities = sets.map(({ entity }) => entity)
    await checkVersions(this.#em, meta, entities, statement)
    const keys = sets.map((set) => set.getPrimaryKey())
    const trashed = await trashByKeys(this.#em, meta, keys, stamp, statement)
    const earlier = trashed === sets.length ? undefined : await this.#readStamps(meta, entities, statement)
    for (const { entity } of sets) {
      this.#em.journal.noteStamp(entity)
      this.#justTrashed.add(entity)
      // Somebody else may have trashed it first; then their stamp stays.
      const own = earlier?.get(helper(entity).getSerializedPrimaryKey())
      dropEdits(this.#em, entity)
      mirrorStamp(this.#em, entity, own === undefined ? stamp : asDate(own))
    }
    await mirrorVersions(this.#em, entities, statement)
    leaveCollections(this.#em, this.#em.journal, entities)
    await cascadeTrash(this.#em, meta, stamp, { ...statement, where: rows })
  }

  /** Everything that this flush trashes. */
  #planned(): Roots[] {
    const sets = this.#em
      .getUnitOfWork(false)
      .getChangeSets()
      .filter(({ type, entity }) => REMOVALS.has(type) && this.#isSoft(entity))
    return [...Map.groupBy(sets, (set) => set.meta.root)].flatMap(([meta, own]) =>
      [...chunksOf(own)].map((chunk) => ({ meta, where: () => rowsOf(meta, chunk) })),
    )
  }

  async #readStamps(
    meta: EntityMetadata,
    entities: readonly Entity[],
    options: DriverMethodOptions,
  ): Promise<Map<string, unknown>> {
    // What was read before may be older than what the statement has met.
    const lock =
      dialectOf(this.#em.config) === 'sqlite' ? {} : { lockMode: LockMode.PESSIMISTIC_READ as const }
    return readFromRows(this.#em, meta, entities, DELETED_AT, { ...options, ...lock })
  }

  /**
   * Seam: `UnitOfWork.unsetIdentity`. A trashed entity stays managed, since its row is there; it only leaves the work
   * lists.
   */
  #keepIdentity(): void {
    const uow = this.#em.getUnitOfWork(false)
    const unsetIdentity = uow.unsetIdentity.bind(uow)
    uow.unsetIdentity = (entity: Entity) => {
      if (this.#kept.has(entity)) return
      this.#forced.delete(entity)
      if (!this.#justTrashed.delete(entity)) return unsetIdentity(entity)
      uow.getPersistStack().delete(entity)
      uow.getRemoveStack().delete(entity)
      uow.getOrphanRemoveStack().delete(entity)
    }
  }

  /** Seam: `UnitOfWork.remove`, which sets the nullable foreign keys of loaded children to null. */
  #keepForeignKeys(): void {
    const uow = this.#em.getUnitOfWork(false)
    const remove = uow.remove.bind(uow)
    uow.remove = (entity: Entity, visited, options) => {
      if (this.#forcing === entity) this.#forced.add(entity)
      else if (!uow.getRemoveStack().has(entity)) this.#forced.delete(entity)
      if (!this.#isSoft(entity)) return remove(entity, visited, options)
      if (helper(entity).__managed && isTrashed(entity)) return
      const kept = this.#foreignKeysOfChildren(entity)
      remove(entity, visited, options)
      for (const { child, name, parent } of kept) Reflect.set(child, name, parent)
    }
  }

  #foreignKeysOfChildren(entity: Entity): { child: Entity; name: string; parent: unknown }[] {
    return helper(entity).__meta.bidirectionalRelations.flatMap((prop) => {
      const owning = prop.targetMeta?.properties[prop.mappedBy]
      const children: unknown = Reflect.get(entity, prop.name)
      if (prop.kind !== ReferenceKind.ONE_TO_MANY || !owning?.nullable || !Utils.isCollection(children))
        return []
      return children
        .getItems(false)
        .map((child: Entity) => ({ child, name: owning.name, parent: Reflect.get(child, owning.name) }))
    })
  }

  #isSoft(entity: Entity): boolean {
    const isForced = this.#forced.has(entity) || this.#forcedAlong.has(entity)
    return !isForced && isSoftModel(helper(entity).__meta)
  }
}

function rowsOf<T extends Entity>(meta: EntityMetadata<T>, sets: readonly ChangeSet<T>[]): ObjectQuery<T> {
  return hasKey(
    meta,
    sets.map((set) => set.getPrimaryKey()),
  )
}
