/** @module Sees to it that one process at a time migrates a database. */
import { setTimeout as sleep } from 'node:timers/promises'
import { attachCause, attemptAll } from '../../../errors/attempt-all.ts'
import type { Connection, RunSql } from '../../connections/connection.ts'
import { MigrationLockedError } from './errors.ts'
import type { MigrationLock } from './locks/migration-lock.ts'
import { mysqlLock } from './locks/mysql-lock.ts'
import { postgresLock } from './locks/postgres-lock.ts'
import { sqliteLock } from './locks/sqlite-lock.ts'

export interface LockOptions {
  /** In milliseconds. */
  readonly timeout: number
  /** Called once, when somebody else has it for long. */
  readonly onWait?: ((holder: string | undefined) => void) | undefined
}

const POLL_MS = 100
/** A shorter wait is not worth a word. */
const WORTH_A_WORD_MS = 1_000

/**
 * Does work that no other process does meanwhile on the same database.
 *
 * @throws {MigrationLockedError} when it is still locked after the timeout
 */
export async function withLock<T>(
  connection: Connection,
  run: RunSql,
  options: LockOptions,
  work: () => Promise<T>,
): Promise<T> {
  const lock = await lockOf(connection, run)
  if (!lock) return work()
  const [outcome] = await Promise.allSettled([locked(lock, connection.driver.label, options, work)])
  const [failure] = await attemptAll([() => lock.close?.()])
  if (outcome.status === 'fulfilled') {
    if (failure !== undefined) throw failure
    return outcome.value
  }
  if (failure !== undefined) attachCause(outcome.reason, failure)
  throw outcome.reason
}

async function locked<T>(
  lock: MigrationLock,
  label: string,
  options: LockOptions,
  work: () => Promise<T>,
): Promise<T> {
  await acquire(lock, label, options)
  const [outcome] = await Promise.allSettled([work()])
  // Where the connection broke, the lock went with it: why the work failed matters more.
  const [failure] = await attemptAll([() => lock.release()])
  if (outcome.status === 'rejected') {
    if (failure !== undefined) attachCause(outcome.reason, failure)
    throw outcome.reason
  }
  if (failure !== undefined) throw failure
  return outcome.value
}

async function acquire(lock: MigrationLock, label: string, { timeout, onWait }: LockOptions): Promise<void> {
  const start = performance.now()
  let isSaid = false
  while (!(await lock.tryAcquire())) {
    const waited = performance.now() - start
    if (waited >= timeout) throw new MigrationLockedError(label, timeout, await lock.holder())
    if (!isSaid && waited >= WORTH_A_WORD_MS) {
      isSaid = true
      onWait?.(await lock.holder())
    }
    // Not all at the same moment again.
    await sleep(POLL_MS * (0.5 + Math.random()))
  }
}

async function lockOf(connection: Connection, run: RunSql): Promise<MigrationLock | undefined> {
  const { dialect } = connection.driver
  if (dialect === 'postgres') return postgresLock(run, connection.schemaName)
  if (dialect === 'mysql') return mysqlLock(run)
  return sqliteLock(connection)
}
