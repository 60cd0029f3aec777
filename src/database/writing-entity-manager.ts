/** @module Every method of the EntityManager that writes at once announces it first. */
import type {
  DeleteOptions,
  EntityData,
  EntityName,
  FilterQuery,
  NativeInsertUpdateOptions,
  Primary,
  RequiredEntityData,
  TransactionOptions,
  UpdateOptions,
  UpsertManyOptions,
  UpsertOptions,
} from '@mikro-orm/core'
import { SqlEntityManager } from '@mikro-orm/sql'
import { translateErrors } from './translate-errors.ts'

export abstract class WritingEntityManager extends SqlEntityManager {
  /** Called before a statement that writes. */
  abstract beforeWrite(): Promise<void>

  override async insert<E extends object>(
    target: EntityName<E> | E,
    data?: NoInfer<RequiredEntityData<E> | E>,
    options?: NativeInsertUpdateOptions<E>,
  ): Promise<Primary<E>> {
    await this.beforeWrite()
    return translateErrors(super.insert(target, data, options))
  }

  override async insertMany<E extends object>(
    target: EntityName<E> | E[],
    data?: NoInfer<RequiredEntityData<E>[] | E[]>,
    options?: NativeInsertUpdateOptions<E>,
  ): Promise<Primary<E>[]> {
    await this.beforeWrite()
    return translateErrors(super.insertMany(target, data, options))
  }

  override async upsert<E extends object, Fields extends string = never>(
    target: EntityName<E> | E,
    data?: EntityData<E> | NoInfer<E>,
    options?: UpsertOptions<E, Fields>,
  ): Promise<E> {
    await this.beforeWrite()
    return translateErrors(super.upsert(target, data, options))
  }

  override async upsertMany<E extends object, Fields extends string = never>(
    target: EntityName<E> | E[],
    data?: (EntityData<E> | NoInfer<E>)[],
    options?: UpsertManyOptions<E, Fields>,
  ): Promise<E[]> {
    await this.beforeWrite()
    return translateErrors(super.upsertMany(target, data, options))
  }

  override async nativeUpdate<E extends object>(
    model: EntityName<E>,
    where: FilterQuery<NoInfer<E>>,
    data: EntityData<E>,
    options?: UpdateOptions<E>,
  ): Promise<number> {
    await this.beforeWrite()
    return translateErrors(super.nativeUpdate(model, where, data, options))
  }

  override async nativeDelete<E extends object>(
    model: EntityName<E>,
    where: FilterQuery<NoInfer<E>>,
    options?: DeleteOptions<E>,
  ): Promise<number> {
    await this.beforeWrite()
    return translateErrors(super.nativeDelete(model, where, options))
  }

  /** Runs a function in a savepoint of the transaction of the scope, or in a transaction of its own outside of one. */
  override async transactional<T>(
    fn: (em: this) => T | Promise<T>,
    options?: TransactionOptions,
  ): Promise<T> {
    await this.beforeWrite()
    return super.transactional(fn, options)
  }
}
