/** @module Carries out one migration, forwards or back, and remembers it together with what it did. */
import type { SqlEntityManager } from '@mikro-orm/sql'
import { attachCause, attemptAll } from '../../../errors/attempt-all.ts'
import type { Connection, RunSql } from '../../connections/connection.ts'
import { DatabaseUnavailableError } from '../../errors.ts'
import { isPlainRead } from '../../sessions/statement-kind.ts'
import { MigrationFailedError } from '../errors.ts'
import type { MigrationClass } from '../migration.ts'
import { refuseInterrupted } from './interrupted.ts'
import { JournaledSteps } from './journaled-steps.ts'
import { checkForeignKeys, inMigrationTransaction, withoutForeignKeys } from './migration-transaction.ts'
import { performMigration } from './perform-migration.ts'
import { type Direction, ProgressTable } from './progress.ts'
import type { RunOptions } from './run-options.ts'
import { type Steps, stepsOfOne } from './steps.ts'

/** What is remembered of a migration, asked and written inside its transaction. */
export interface Book {
  isDue(name: string): Promise<boolean>
  record(name: string): Promise<void>
}

export interface ApplyRequest {
  readonly connection: Connection
  readonly run: RunSql
  readonly name: string
  readonly type: MigrationClass
  readonly direction: Direction
  /** Without it nothing is remembered, as in a scratch database. */
  readonly book: Book | undefined
  /** Whether to go on behind statements that were carried out before. */
  readonly resume?: boolean | undefined
  readonly beforeStatement?: RunOptions['beforeStatement']
  readonly onBatch?: ((name: string, loop: string, rows: number) => void) | undefined
  /** Without a book: called before each statement of the migration itself. */
  readonly onStatement?: ((sql: string, parameters: readonly unknown[]) => void) | undefined
}

/** @returns whether it was due: another process may have been faster */
export async function applyMigration(request: ApplyRequest): Promise<boolean> {
  const { connection, type, book } = request
  // There each statement that changes the schema commits by itself, and everything before it.
  const isWhole = type.transaction && connection.driver.dialect !== 'mysql'
  if (!book) return apart(request, type.transaction)
  return isWhole ? whole(request, book) : stepwise(request, book)
}

function whole(request: ApplyRequest, book: Book): Promise<boolean> {
  const { connection, run, name } = request
  return failingAsOne(request, () =>
    inMigrationTransaction(connection.driver, run, async () => {
      // Only now nobody else can change the answer.
      if (!(await book.isDue(name))) return false
      await work(request, stepsOfOne(run))
      await book.record(name)
      return true
    }),
  )
}

function apart(request: ApplyRequest, hasTransaction: boolean): Promise<boolean> {
  const { connection, run, onStatement } = request
  const told: RunSql = (sql, parameters = []) => {
    onStatement?.(sql, parameters)
    return run(sql, parameters)
  }
  const around = hasTransaction ? inMigrationTransaction : withoutForeignKeys
  return failingAsOne(request, () =>
    around(connection.driver, run, async () => {
      await work({ ...request, run: told }, stepsOfOne(told))
      return true
    }),
  )
}

async function failingAsOne<T>({ name, direction }: ApplyRequest, all: () => Promise<T>): Promise<T> {
  try {
    return await all()
  } catch (error) {
    if (error instanceof DatabaseUnavailableError) throw error
    throw new MigrationFailedError(name, direction, { cause: error })
  }
}

async function stepwise(request: ApplyRequest, book: Book): Promise<boolean> {
  const { connection, run, name, direction, type } = request
  const { driver, orm } = connection
  const table = new ProgressTable(run)
  await table.create(connection)
  if (!(await book.isDue(name))) return false
  const before = await table.of(name)
  if (before) refuseInterrupted(new Map([[name, before]]), direction, request.resume)
  const { dialect } = driver
  const isRead = (sql: string) => isPlainRead(orm.em as SqlEntityManager, sql)
  const facts = { name, direction, run, dialect, table, before, isRead }
  const steps = new JournaledSteps({ ...facts, commitsEach: !type.transaction })
  return withoutForeignKeys(driver, run, async () => {
    try {
      await work(request, steps)
      if (dialect === 'sqlite') await checkForeignKeys(run)
      await steps.finish(() => book.record(name))
      return true
    } catch (error) {
      throw await explain(error, request, steps)
    }
  })
}

/** What the server does not answer any more is found by the next run. */
async function explain(
  cause: unknown,
  { name, direction }: ApplyRequest,
  steps: JournaledSteps,
): Promise<unknown> {
  if (cause instanceof DatabaseUnavailableError) return cause
  let left: Awaited<ReturnType<JournaledSteps['abandon']>>
  const [failure] = await attemptAll([
    async () => {
      left = await steps.abandon()
    },
  ])
  if (failure !== undefined) attachCause(cause, failure)
  return new MigrationFailedError(name, direction, { cause, left, failed: steps.failed })
}

function work(request: ApplyRequest, steps: Steps): Promise<void> {
  const { run, connection, name, type, direction, beforeStatement, onBatch } = request
  const { dialect } = connection.driver
  return performMigration(type, direction, {
    run,
    dialect,
    steps,
    beforeStatement: async (sql, parameters) => beforeStatement?.(name, sql, parameters, run),
    onBatch: (loop, rows) => onBatch?.(name, loop, rows),
  })
}
