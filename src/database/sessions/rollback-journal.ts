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
    for (const { type, entity, originalEntity } of work.getChangeSets()) {
      if (type !== ChangeSetType.CREATE) this.#noteRow(entity, originalEntity)
      else this.noteNew(entity, helper(entity).hasPrimaryKey())
    }
    // Some are written in a second step alone.
    for (const [entity] of work.getExtraUpdates()) this.#noteRow(entity)
    this.#noteCollections(work)
  }

  /** Notes what memory holds before statements of which no flush tells. */
  noteManaged(work: UnitOfWork): void {
    for (const entity of work.getIdentityMap()) if (!this.#rows.has(entity)) this.#noteRow(entity)
  }

  /**
   * Notes an entity for which a statement makes a row.
   *
   * @param isKeyed whether the key is not that of the database
   */
  noteNew(entity: object, isKeyed: boolean): void {
    if (this.#created.has(entity) || this.#rows.has(entity)) return
    this.#noteVersion(entity)
    this.#created.set(entity, isKeyed ? undefined : helper(entity).__meta)
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

  /** Whether memory holds of an entity what it held when this transaction opened. */
  isAsNoted(entity: object): boolean {
    const { __originalEntityData: row, __meta: meta } = helper(entity)
    if (!this.#rows.has(entity) || !isSame(this.#rows.get(entity), row)) return false
    return !meta.versionProperty || this.#versions.get(entity) === Reflect.get(entity, meta.versionProperty)
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
      if (!meta) continue
      for (const key of meta.primaryKeys) Reflect.deleteProperty(entity, key)
      // Until a flush ends, the ORM keeps another copy.
      delete helper(entity).__pk
    }
    const isAnyBack = [...this.#rows].map(([entity, row]) => bringBack(em, entity, row)).includes(true)
    if (isAnyBack) rejoin(em)
    this.#collections.restore()
    this.clear()
  }

  #noteRow(entity: object, row = helper(entity).__originalEntityData): void {
    this.#noteVersion(entity)
    if (this.#created.has(entity) || this.#rows.has(entity)) return
    const wrapped = helper(entity)
    // Somebody removes what was never inserted.
    if (!row && !wrapped.__managed) this.noteNew(entity, wrapped.hasPrimaryKey())
    // The ORM adds to it what it loads later.
    else this.#rows.set(entity, row && { ...row })
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

function isSame(before: EntityData<object> | undefined, now: EntityData<object> | undefined): boolean {
  if (!before || !now) return before === now
  const names = Object.keys(now)
  return (
    names.length === Object.keys(before).length &&
    names.every((name) => Object.is(Reflect.get(before, name), Reflect.get(now, name)))
  )
}

function addNew<V>(from: ReadonlyMap<object, V>, to: Map<object, V>): void {
  for (const [entity, value] of from) if (!to.has(entity)) to.set(entity, value)
}
