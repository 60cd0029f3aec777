/** @module The EntityManager that trashes what is soft-deleted. */
import type { DeleteOptions, EntityName, FilterQuery, Transaction } from '@mikro-orm/core'
import { Reference } from '@mikro-orm/core'
import type { AnyQueryBuilder, QueryBuilder } from '@mikro-orm/sql'
import type { RollbackJournal } from '../sessions/rollback-journal.ts'
import { trashAll } from './bulk-delete.ts'
import { guardQueryBuilder } from './query-builder/guard.ts'
import { SoftReadingEntityManager } from './reads/soft-reading-entity-manager.ts'
import { restoreRow } from './restore.ts'
import { isSoftModel } from './soft-models.ts'
import { SoftRemoval } from './soft-removal.ts'

export abstract class SoftDeletingEntityManager extends SoftReadingEntityManager {
  #softRemoval: SoftRemoval | undefined

  /** What to undo in memory when the innermost transaction fails. */
  abstract get journal(): RollbackJournal

  /** Runs statements of which all take effect or none, in the database and in memory. */
  abstract atomically<T>(statements: (ctx: Transaction, journal: RollbackJournal) => Promise<T>): Promise<T>

  override async flush(): Promise<void> {
    this.#removal().beginOperation()
    await super.flush()
  }

  override remove(...args: Parameters<SoftReadingEntityManager['remove']>): this {
    this.#removal()
    return super.remove(...args)
  }

  /** Deletes the row of an entity for good at the next flush, also when its model is soft-deleted. */
  forceRemove(entity: object): this {
    const target = Reference.unwrapReference(entity)
    this.#removal().force(target)
    this.remove(target)
    return this
  }

  /**
   * Brings a soft-deleted row back at once, in the transaction of the scope.
   *
   * @returns whether the row was in the trash
   * @throws {UniqueViolationError} when a live row has taken its place
   */
  async restore(entity: object): Promise<boolean> {
    return this.writing(() => {
      this.journal.noteStamp(entity)
      return restoreRow(this, entity)
    })
  }

  /** Deletes by condition; rows of a soft-deleted model are trashed, with one stamp. */
  override async nativeDelete<E extends object>(
    model: EntityName<E>,
    where: FilterQuery<NoInfer<E>>,
    options?: DeleteOptions<E>,
  ): Promise<number> {
    const meta = this.getMetadata().find<E>(model)
    if (!meta || !isSoftModel(meta)) return super.nativeDelete(model, where, options)
    return trashAll(this, meta, where, options)
  }

  /** Builders see live rows only, and trash where they would delete. */
  override createQueryBuilder<E extends object, Alias extends string = never>(
    ...args: Parameters<typeof SoftReadingEntityManager.prototype.createQueryBuilder<E, Alias>>
  ): QueryBuilder<E, Alias> {
    const builder = super.createQueryBuilder(...args)
    // The guard replaces methods whose types depend on the model by others of the same types.
    guardQueryBuilder(builder as unknown as AnyQueryBuilder, this)
    return builder
  }

  /** Takes its seams when something may be removed: a session that only reads is opened in half the time. */
  #removal(): SoftRemoval {
    this.#softRemoval ??= new SoftRemoval(this)
    return this.#softRemoval
  }
}
