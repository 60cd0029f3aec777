/** @module What memory has to forget when a transaction is undone. */
import type { EntityManager, EntityMetadata, UnitOfWork } from '@mikro-orm/core'
import { ChangeSetType, helper } from '@mikro-orm/core'
import { stampOf } from '../soft-delete/deleted-at.ts'
import { mirrorStamp } from '../soft-delete/trash.ts'

/** Entities that a transaction has written, and those among them that it created or trashed as they were before. */
export class RollbackJournal {
  readonly #stamps = new Map<object, Date | null>()
  readonly #created = new Map<object, EntityMetadata | undefined>()
  readonly #versions = new Map<object, unknown>()
  readonly #written = new Set<object>()

  /** Notes what a flush is about to write. The keys of new rows come from the database unless they have one already. */
  noteFlush(work: UnitOfWork): void {
    for (const { type, entity, meta } of work.getChangeSets()) {
      this.#written.add(entity)
      this.#noteVersion(entity)
      if (type !== ChangeSetType.CREATE || this.#created.has(entity)) continue
      this.#created.set(entity, helper(entity).hasPrimaryKey() ? undefined : meta)
    }
  }

  noteStamp(entity: object): void {
    this.#written.add(entity)
    this.#noteVersion(entity)
    if (!this.#stamps.has(entity)) this.#stamps.set(entity, stampOf(entity) ?? null)
  }

  hasWritten(entity: object): boolean {
    return this.#written.has(entity)
  }

  /** Hands everything to the transaction around this one. */
  moveTo(outer: RollbackJournal): void {
    for (const [entity, stamp] of this.#stamps) {
      if (!outer.#stamps.has(entity)) outer.#stamps.set(entity, stamp)
    }
    for (const [entity, meta] of this.#created) {
      if (!outer.#created.has(entity)) outer.#created.set(entity, meta)
    }
    for (const [entity, version] of this.#versions) {
      if (!outer.#versions.has(entity)) outer.#versions.set(entity, version)
    }
    for (const entity of this.#written) outer.#written.add(entity)
    this.clear()
  }

  /** Forgets what could be brought back: it is committed. */
  clear(): void {
    this.#stamps.clear()
    this.#created.clear()
    this.#versions.clear()
    this.#written.clear()
  }

  /** Brings memory back: stamps as they were, and created entities new again, so that a second try inserts them. */
  undo(em: EntityManager): void {
    for (const [entity, stamp] of this.#stamps) mirrorStamp(em, entity, stamp)
    for (const [entity, version] of this.#versions) {
      const { versionProperty } = helper(entity).__meta
      if (versionProperty) Reflect.set(entity, versionProperty, version)
    }
    for (const [entity, meta] of this.#created) {
      em.getUnitOfWork(false).unsetIdentity(entity)
      for (const key of meta?.primaryKeys ?? []) Reflect.deleteProperty(entity, key)
    }
    this.clear()
  }

  /** The database counts it up with each write, and back when that is undone. */
  #noteVersion(entity: object): void {
    const { versionProperty } = helper(entity).__meta
    if (versionProperty && !this.#versions.has(entity)) {
      this.#versions.set(entity, Reflect.get(entity, versionProperty))
    }
  }
}
