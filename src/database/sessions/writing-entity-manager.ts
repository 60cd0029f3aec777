/** @module Every method of the EntityManager that writes at once announces it first. */
import type {
  ConnectionType,
  DeleteOptions,
  Dictionary,
  EntityData,
  EntityName,
  FilterQuery,
  FindOneOptions,
  FromEntityType,
  LockMode,
  LockOptions,
  LoggingOptions,
  MergeLoaded,
  NativeInsertUpdateOptions,
  Primary,
  QueryResult,
  RawQueryFragment,
  RequiredEntityData,
  UpdateOptions,
  UpsertManyOptions,
  UpsertOptions,
} from '@mikro-orm/core'
import type { EmExecuteOptions, GetKyselyOptions, NativeQueryBuilder, QueryBuilder } from '@mikro-orm/sql'
import { isLock, locksRow } from './lock-mode.ts'
import { noteInsert, noteUpsert } from './made-by-statement.ts'
import type { RollbackJournal } from './rollback-journal.ts'
import { sessionKysely, type WritingSession } from './session-kysely.ts'
import { joinQueryBuilder } from './session-query-builder.ts'
import { isPlainRead, refuseImplicitCommit, refuseTransactionStatement, sqlOf } from './statement-kind.ts'
import { StreamingEntityManager } from './streaming-entity-manager.ts'

type Method = 'all' | 'get' | 'run'

export abstract class WritingEntityManager extends StreamingEntityManager {
  /** Runs a statement that writes, in the transaction of the scope. */
  abstract writing<T>(statement: () => Promise<T>): Promise<T>

  /** What to undo in memory when the innermost transaction fails. */
  abstract get journal(): RollbackJournal

  /** The connection for a read outside of a transaction. */
  abstract get readsFrom(): 'read' | 'write'

  override async insert<E extends object>(
    target: EntityName<E> | E,
    data?: NoInfer<RequiredEntityData<E> | E>,
    options?: NativeInsertUpdateOptions<E>,
  ): Promise<Primary<E>> {
    return this.writing(() => noteInsert(this, data ?? target, () => super.insert(target, data, options)))
  }

  override async insertMany<E extends object>(
    target: EntityName<E> | E[],
    data?: NoInfer<RequiredEntityData<E>[] | E[]>,
    options?: NativeInsertUpdateOptions<E>,
  ): Promise<Primary<E>[]> {
    return this.writing(() => noteInsert(this, data ?? target, () => super.insertMany(target, data, options)))
  }

  override async upsert<E extends object, Fields extends string = never>(
    target: EntityName<E> | E,
    data?: EntityData<E> | NoInfer<E>,
    options?: UpsertOptions<E, Fields>,
  ): Promise<E> {
    const run = () => super.upsert(target, data, options)
    return this.writing(() => noteUpsert(this, target, data, run))
  }

  override async upsertMany<E extends object, Fields extends string = never>(
    target: EntityName<E> | E[],
    data?: (EntityData<E> | NoInfer<E>)[],
    options?: UpsertManyOptions<E, Fields>,
  ): Promise<E[]> {
    const run = () => super.upsertMany(target, data, options)
    return this.writing(() => noteUpsert(this, target, data, run))
  }

  override async nativeUpdate<E extends object>(
    model: EntityName<E>,
    where: FilterQuery<NoInfer<E>>,
    data: EntityData<E>,
    options?: UpdateOptions<E>,
  ): Promise<number> {
    return this.writing(() => super.nativeUpdate(model, where, data, options))
  }

  override async nativeDelete<E extends object>(
    model: EntityName<E>,
    where: FilterQuery<NoInfer<E>>,
    options?: DeleteOptions<E>,
  ): Promise<number> {
    return this.writing(() => super.nativeDelete(model, where, options))
  }

  /** Raw SQL takes part in the unit of work: what does more than read opens the transaction of the scope. */
  override async execute<
    T extends QueryResult | EntityData<object> | EntityData<object>[] = EntityData<object>[],
  >(
    query: string | NativeQueryBuilder | RawQueryFragment,
    parameters: unknown[] | Dictionary = [],
    options: Method | EmExecuteOptions = 'all',
    logging?: LoggingOptions,
  ): Promise<T> {
    const settings =
      typeof options === 'string' ? { method: options, ...(logging && { loggerContext: logging }) } : options
    const sql = sqlOf(query)
    refuseTransactionStatement(this, sql)
    if (isPlainRead(this, sql)) {
      // Outside of a transaction a read need not wait for the connection that writes.
      const place = { connectionType: this.readsFrom, ...settings }
      return this.reading(() => super.execute<T>(query, parameters, place))
    }
    return this.writing(() => {
      refuseImplicitCommit(this, sql)
      return super.execute<T>(query, parameters, settings)
    })
  }

  /** Locks a row until the transaction ends; in a scope, it opens that of the scope. */
  override async lock<T extends object>(
    entity: T,
    lockMode: LockMode,
    options?: LockOptions | number | Date,
  ): Promise<void> {
    const lock = () => super.lock(entity, lockMode, options)
    return isLock(lockMode) ? this.locking(lock) : lock()
  }

  /** Reads an entity again; with a lock mode, in the transaction of the scope. */
  override async refresh<
    E extends object,
    Naked extends FromEntityType<E> = FromEntityType<E>,
    Hint extends string = never,
    Fields extends string = never,
    Excludes extends string = never,
  >(
    entity: E,
    options: FindOneOptions<E, Hint, Fields, Excludes> = {},
  ): Promise<MergeLoaded<E, Naked, Hint, Fields, Excludes, true> | null> {
    const read = () => super.refresh<E, Naked, Hint, Fields, Excludes>(entity, options)
    return locksRow(options) ? this.locking(read) : read()
  }

  /** Runs a statement that locks rows, in the transaction that keeps them locked. */
  locking<T>(statement: () => Promise<T>): Promise<T> {
    return this.writing(statement)
  }

  /** A Kysely whose statements are part of the unit of work, each when it runs. */
  override getKysely<TDB = undefined, TOptions extends GetKyselyOptions = GetKyselyOptions>(
    options?: TOptions,
  ) {
    return sessionKysely(this.#self, () => super.getKysely<TDB, TOptions>(options), options)
  }

  /** The type of `getKysely` comes from the base class; with `this` in it, it would come from itself. */
  get #self(): WritingSession {
    return this
  }

  override createQueryBuilder<E extends object, Alias extends string = never>(
    model: EntityName<E> | QueryBuilder<E>,
    alias?: Alias,
    type?: ConnectionType,
    logging?: LoggingOptions,
  ): QueryBuilder<E, Alias> {
    return joinQueryBuilder(super.createQueryBuilder(model, alias, type, logging), this)
  }
}
