/** @module What memory has to forget when a transaction is undone. */
import type { Collection, EntityData, EntityManager, EntityMetadata, UnitOfWork } from '@mikro-orm/core'
import { ChangeSetType, helper } from '@mikro-orm/core'
import { stampOf } from '../soft-delete/deleted-at.ts'
import { mirrorStamp } from '../soft-delete/trash.ts'
import { CollectionMemory, collectionsOf } from './collection-memory.ts'
import { bringBack, forget, rejoin } from './identity.ts'

/** Entities that a transaction has written, and what memory held of them before. */
export class RollbackJournal {
  readonly #stamps = new Map<object, Date | null>()
  readonly #created = new Map<object, EntityMetadata | undefined>()
  /** What the database held of the entities that had a row. */
  readonly #rows = new Map<object, EntityData<object> | undefined>()
  readonly #versions = new Map<object, unknown>()
  readonly #collections = new CollectionMemory()

  /** Notes what a flush is about to write. The keys of new rows come from the database unless they have one already. */
  noteFlush(work: UnitOfWork): void {
    for (const { type, entity, meta, originalEntity } of work.getChangeSets()) {
      if (type !== ChangeSetType.CREATE) this.#noteRow(entity, originalEntity)
      else this.#noteNew(entity, meta)
    }
    // Some are written in a second step alone.
    for (const [entity] of work.getExtraUpdates()) this.#noteRow(entity)
    this.#noteCollections(work)
  }

  noteStamp(entity: object): void {
    this.#noteRow(entity)
    if (!this.#stamps.has(entity)) this.#stamps.set(entity, stampOf(entity) ?? null)
  }

  /** Notes what a collection holds that rows in the trash are about to leave. */
  noteCollection(collection: Collection<object>): void {
    if (!this.#created.has(collection.owner)) this.#collections.note(collection)
  }

  /** Notes what is about to be read again: the transaction around may have changed it in ways that no flush tells. */
  noteRead(entity: object): void {
    if (helper(entity).__originalEntityData) this.#noteRow(entity)
  }

  hasWritten(entity: object): boolean {
    return this.#rows.has(entity) || this.#created.has(entity) || this.#stamps.has(entity)
  }

  /** Hands everything to the transaction around this one. */
  moveTo(outer: RollbackJournal): void {
    const isNews = (entity: object) => !outer.#created.has(entity)
    this.#collections.moveTo(outer.#collections, isNews)
    for (const [entity, row] of this.#rows) {
      if (!outer.#rows.has(entity) && isNews(entity)) outer.#rows.set(entity, row)
    }
    addNew(this.#stamps, outer.#stamps)
    addNew(this.#created, outer.#created)
    addNew(this.#versions, outer.#versions)
    this.clear()
  }

  /** Forgets what could be brought back: it is committed. */
  clear(): void {
    this.#stamps.clear()
    this.#created.clear()
    this.#rows.clear()
    this.#versions.clear()
    this.#collections.clear()
  }

  /**
   * Brings memory back: stamps and versions as they were, created entities new again, so that a second try inserts them,
   * and removed ones managed again. What else was changed counts as a change again.
   */
  undo(em: EntityManager): void {
    for (const [entity, stamp] of this.#stamps) mirrorStamp(em, entity, stamp)
    for (const [entity, version] of this.#versions) {
      const { versionProperty } = helper(entity).__meta
      if (versionProperty) Reflect.set(entity, versionProperty, version)
    }
    forget(em, this.#created.keys())
    for (const [entity, meta] of this.#created) {
      for (const key of meta?.primaryKeys ?? []) Reflect.deleteProperty(entity, key)
    }
    const isAnyBack = [...this.#rows].map(([entity, row]) => bringBack(em, entity, row)).includes(true)
    if (isAnyBack) rejoin(em)
    this.#collections.restore()
    this.clear()
  }

  #noteRow(entity: object, row = helper(entity).__originalEntityData): void {
    this.#noteVersion(entity)
    if (this.#created.has(entity) || this.#rows.has(entity)) return
    const { __managed: isManaged, __meta: meta } = helper(entity)
    // Somebody removes what was never inserted.
    if (!row && !isManaged) this.#noteNew(entity, meta)
    // The ORM adds to it what it loads later.
    else this.#rows.set(entity, row && { ...row })
  }

  #noteNew(entity: object, meta: EntityMetadata): void {
    if (this.#created.has(entity)) return
    this.#noteVersion(entity)
    this.#created.set(entity, helper(entity).hasPrimaryKey() ? undefined : meta)
  }

  /** The database counts it up with each write, and back when that is undone. */
  #noteVersion(entity: object): void {
    const { versionProperty } = helper(entity).__meta
    if (versionProperty && !this.#versions.has(entity)) {
      this.#versions.set(entity, Reflect.get(entity, versionProperty))
    }
  }

  /** Rows that go leave the collections they are in; elsewhere what was added and removed shows. */
  #noteCollections(work: UnitOfWork): void {
    const removes = work
      .getChangeSets()
      .some(({ type }) => type === ChangeSetType.DELETE || type === ChangeSetType.DELETE_EARLY)
    for (const entity of work.getIdentityMap().values()) {
      if (this.#created.has(entity)) continue
      for (const collection of collectionsOf(entity)) {
        if (removes || collection.isDirty()) this.#collections.note(collection)
      }
    }
  }
}

function addNew<V>(from: ReadonlyMap<object, V>, to: Map<object, V>): void {
  for (const [entity, value] of from) if (!to.has(entity)) to.set(entity, value)
}
