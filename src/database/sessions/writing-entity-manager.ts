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
import type { EmExecuteOptions, NativeQueryBuilder, QueryBuilder } from '@mikro-orm/sql'
import { NoTransactionError } from '../transactions/transaction-errors.ts'
import { refuseTransactionSql } from '../transactions/transaction-sql.ts'
import { isLock, locksRow } from './lock-mode.ts'
import { joinQueryBuilder } from './session-query-builder.ts'
import { StreamingEntityManager } from './streaming-entity-manager.ts'

type Method = 'all' | 'get' | 'run'

/** A `select` that locks its rows needs the transaction, and `explain analyze` runs what it explains. */
function isPlainRead(sql: string): boolean {
  if (/^\s*explain\s+(\(.*\banalyze\b|analyze\b)/is.test(sql)) return false
  if (!/^\s*(select|explain)\b/i.test(sql)) return false
  return !/\bfor\s+(no\s+key\s+)?(update|share|key\s+share)\b|\block\s+in\s+share\s+mode\b/i.test(sql)
}

export abstract class WritingEntityManager extends StreamingEntityManager {
  /** Runs a statement that writes, in the transaction of the scope. */
  abstract writing<T>(statement: () => Promise<T>): Promise<T>

  /** The connection for a read outside of a transaction. */
  abstract get readsFrom(): 'read' | 'write'

  override async insert<E extends object>(
    target: EntityName<E> | E,
    data?: NoInfer<RequiredEntityData<E> | E>,
    options?: NativeInsertUpdateOptions<E>,
  ): Promise<Primary<E>> {
    return this.writing(() => super.insert(target, data, options))
  }

  override async insertMany<E extends object>(
    target: EntityName<E> | E[],
    data?: NoInfer<RequiredEntityData<E>[] | E[]>,
    options?: NativeInsertUpdateOptions<E>,
  ): Promise<Primary<E>[]> {
    return this.writing(() => super.insertMany(target, data, options))
  }

  override async upsert<E extends object, Fields extends string = never>(
    target: EntityName<E> | E,
    data?: EntityData<E> | NoInfer<E>,
    options?: UpsertOptions<E, Fields>,
  ): Promise<E> {
    return this.writing(() => super.upsert(target, data, options))
  }

  override async upsertMany<E extends object, Fields extends string = never>(
    target: EntityName<E> | E[],
    data?: (EntityData<E> | NoInfer<E>)[],
    options?: UpsertManyOptions<E, Fields>,
  ): Promise<E[]> {
    return this.writing(() => super.upsertMany(target, data, options))
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

  /** Raw SQL takes part in the unit of work: what is no plain `select` opens the transaction of the scope. */
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
    if (typeof query === 'string') refuseTransactionSql(query)
    if (typeof query === 'string' && isPlainRead(query)) {
      // Outside of a transaction a read need not wait for the connection that writes.
      const place = { connectionType: this.readsFrom, ...settings }
      return this.reading(() => super.execute<T>(query, parameters, place))
    }
    return this.writing(() => super.execute<T>(query, parameters, settings))
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
    return this.writing(() => {
      if (!this.isInTransaction()) throw new NoTransactionError('lock')
      return statement()
    })
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
