/** @module From the exceptions of drivers to errors that say what to do; the original is the cause. */
import {
  ConnectionException,
  ConstraintViolationException,
  DeadlockException,
  type ExceptionConverter,
  ForeignKeyConstraintViolationException,
  InvalidFieldNameException,
  LockWaitTimeoutException,
  type MikroORM,
  NotNullConstraintViolationException,
  OptimisticLockError,
  TableNotFoundException,
  UniqueConstraintViolationException,
} from '@mikro-orm/core'
import type { AbstractSqlConnection, SqlEntityManager } from '@mikro-orm/sql'
import { LimberError } from '../../errors/limber-error.ts'
import {
  ConstraintViolationError,
  DatabaseUnavailableError,
  StaleModelError,
  TableMissingError,
  UniqueViolationError,
} from '../errors.ts'
import { TransactionConflictError } from '../transactions/transaction-errors.ts'
import { closedError } from './closed-connections.ts'
import type { Driver } from './driver.ts'
import { QueryTimeoutError } from './driver-errors.ts'
import { originOf } from './error-origin.ts'
import { violatedUnique } from './violated-unique.ts'

const REPLICA_ADVICE = 'Look whether this replica runs, or take it out of replicas in config/database.ts.'

type HasPlatform = Pick<SqlEntityManager, 'getPlatform'>

/** Makes everything that the ORM asks of its database fail with the errors of Limber, reads included. */
export function translateExceptions(orm: MikroORM, driver: Driver): void {
  const converter = converterOf(orm.em as SqlEntityManager)
  const convert = converter.convertException.bind(converter)
  // The translated errors are no exceptions of the ORM, which only passes them on.
  converter.convertException = (error) => translate(error, convert, driver, orm) as never
}

/** Gives the outcome of statements that go around the ORM's conversion: raw ones, `begin` and `commit`. */
export async function translateErrors<T>(em: HasPlatform, statements: Promise<T>): Promise<T> {
  try {
    return await statements
  } catch (error) {
    throw translateError(em, error)
  }
}

export function translateError(em: HasPlatform, error: unknown): unknown {
  return error instanceof Error ? converterOf(em).convertException(error) : error
}

/** Makes the rows of a connection that come one by one fail with the errors of Limber; the ORM converts only whole results. */
export function translateStream(connection: AbstractSqlConnection, em: HasPlatform): void {
  const stream = connection.stream.bind(connection)
  connection.stream = async function* (...args) {
    yield* translateRows(em, stream(...args))
  }
}

export async function* translateRows<T>(em: HasPlatform, rows: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* rows
  } catch (error) {
    throw translateError(em, error)
  }
}

/** Gives the outcome of a flush, whose hooks may throw what they like: only a stale version is the ORM's own. */
export async function translateStale<T>(flush: Promise<T>): Promise<T> {
  try {
    return await flush
  } catch (error) {
    throw error instanceof OptimisticLockError ? new StaleModelError(error) : error
  }
}

function translate(
  error: Error,
  convert: ExceptionConverter['convertException'],
  driver: Driver,
  orm: MikroORM,
): Error {
  if (error instanceof LimberError) return error
  const closed = closedError(orm.config, error)
  if (closed) return closed
  const known = convert(error)
  if (known instanceof TableNotFoundException || known instanceof InvalidFieldNameException)
    return new TableMissingError(known)
  if (known instanceof UniqueConstraintViolationException)
    return new UniqueViolationError(known, violatedUnique(orm, error))
  if (known instanceof ConstraintViolationException) return new ConstraintViolationError(known, ruleOf(known))
  // Such a code of SQLite says that somebody wrote what this transaction has read; 1020 of MariaDB says the same.
  const isStaleRead =
    Reflect.get(error, 'code') === 'SQLITE_BUSY_SNAPSHOT' || Reflect.get(error, 'errno') === 1020
  // The ORM knows the lock timeout of MySQL only; 55P03 is that of PostgreSQL, and what `nowait` gives.
  const isLocked = known instanceof LockWaitTimeoutException || Reflect.get(error, 'code') === '55P03'
  const isBusy = isLocked && !driver.hasOneWriter
  if (isStaleRead || isBusy || known instanceof DeadlockException) return new TransactionConflictError(known)
  if (isTimeout(error)) return new QueryTimeoutError(driver.label, known)
  const isUnavailable = known instanceof ConnectionException || known instanceof LockWaitTimeoutException
  const replica = originOf(error)
  const advice = driver.advise?.(error) ?? (replica && REPLICA_ADVICE)
  if (isUnavailable || driver.isUnavailable(error))
    return new DatabaseUnavailableError(replica ?? driver.label, known, advice)
  return known
}

function ruleOf(known: ConstraintViolationException) {
  if (known instanceof ForeignKeyConstraintViolationException) return 'reference'
  return known instanceof NotNullConstraintViolationException ? 'null' : 'other'
}

/** What the limits of PostgreSQL (`statement_timeout`), MariaDB (`max_statement_time`) and MySQL (`max_execution_time`) say. */
function isTimeout(error: Error): boolean {
  const errno: unknown = Reflect.get(error, 'errno')
  const isPostgres = Reflect.get(error, 'code') === '57014' && /statement timeout/.test(error.message)
  return isPostgres || errno === 1969 || errno === 3024
}

function converterOf(em: HasPlatform): ExceptionConverter {
  return em.getPlatform().getExceptionConverter()
}
