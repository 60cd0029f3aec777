/** @module The EntityManager that trashes what is soft-deleted, and does not see it. */
import type { DeleteOptions, EntityMetadata, EntityName, FilterQuery, FindOneOptions } from '@mikro-orm/core'
import { Reference } from '@mikro-orm/core'
import { WritingEntityManager } from '../sessions/writing-entity-manager.ts'
import { isTrashed } from './deleted-at.ts'
import { restoreRow } from './restore.ts'
import { isSoftModel } from './soft-models.ts'
import { SoftRemoval } from './soft-removal.ts'
import { operationStamp, stampChange } from './trash.ts'
import { type TrashOptions, trashMode, withTrashFilter } from './trash-options.ts'

export abstract class SoftDeletingEntityManager extends WritingEntityManager {
  #softRemoval: SoftRemoval | undefined

  override async flush(): Promise<void> {
    this.#removal().beginOperation()
    await super.flush()
  }

  override remove(...args: Parameters<WritingEntityManager['remove']>): this {
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
    if (!isSoftModel(this.getMetadata().find(model))) return super.nativeDelete(model, where, options)
    return this.nativeUpdate(model, where, stampChange<E>(operationStamp()), options)
  }

  protected override prepareOptions<O extends TrashOptions & { filters?: unknown }>(options: O): O {
    // The base class asks for options of its own methods, which is where these come from.
    return super.prepareOptions(withTrashFilter(options) as FindOneOptions<object>) as unknown as O
  }

  /** The identity map is not filtered: what is in the trash has to be asked of the database, which is. */
  protected override shouldRefresh<T extends object, P extends string, F extends string, X extends string>(
    meta: EntityMetadata<T>,
    entity: T,
    options: FindOneOptions<T, P, F, X>,
  ): boolean {
    const hidden = trashMode(options) === 'without' && isSoftModel(meta) && isTrashed(entity)
    return hidden || super.shouldRefresh(meta, entity, options)
  }

  /** Takes its seams when something may be removed: a session that only reads is opened in half the time. */
  #removal(): SoftRemoval {
    this.#softRemoval ??= new SoftRemoval(this, () => this.journal)
    return this.#softRemoval
  }
}
