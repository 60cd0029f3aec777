/** @module From the exceptions of drivers to errors that say what to do. */
import {
  ConnectionException,
  ConstraintViolationException,
  LockWaitTimeoutException,
  OptimisticLockError,
  UniqueConstraintViolationException,
} from '@mikro-orm/core'
import {
  ConstraintViolationError,
  DatabaseUnavailableError,
  StaleModelError,
  UniqueViolationError,
} from './errors.ts'

/** Gives the outcome of work on the database, with the driver's exceptions translated; the original is the cause. */
export async function translateErrors<T>(work: Promise<T>, label = 'behind this session'): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw translate(error, label)
  }
}

function translate(error: unknown, label: string): unknown {
  if (error instanceof UniqueConstraintViolationException) return new UniqueViolationError(error)
  if (error instanceof ConstraintViolationException) return new ConstraintViolationError(error)
  if (error instanceof OptimisticLockError) return new StaleModelError(error)
  if (error instanceof ConnectionException || error instanceof LockWaitTimeoutException) {
    return new DatabaseUnavailableError(label, error)
  }
  return error
}
