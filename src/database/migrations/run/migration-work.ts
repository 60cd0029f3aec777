/** @module What a migration does its work with: its statements one after the other, and its batches. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { setImmediate as turn } from 'node:timers/promises'
import type { Row, RunSql } from '../../connections/connection.ts'
import type { Dialect } from '../../connections/driver.ts'
import { commitsImplicitly, refuseTransactionSql } from '../../transactions/transaction-sql.ts'
import type { BatchOptions, MigrationContext } from '../migration.ts'
import { batchQuery, endOf } from './batch-query.ts'
import { BatchError, MigrationOverError } from './errors.ts'
import type { BatchPosition } from './progress.ts'
import type { Steps } from './steps.ts'

export interface WorkFacts {
  readonly run: RunSql
  readonly dialect: Dialect
  readonly steps: Steps
  readonly beforeStatement?: ((sql: string, parameters: readonly unknown[]) => Promise<void>) | undefined
  /** Called after each batch, with the rows of its loop so far. */
  readonly onBatch?: ((loop: string, rows: number) => void) | undefined
}

interface OpenBatch {
  readonly loop: string
  readonly pending: Promise<unknown>[]
  isOver: boolean
}

export class MigrationWork implements MigrationContext {
  readonly #facts: WorkFacts
  readonly #pending: Promise<unknown>[] = []
  readonly #loops = new Set<string>()
  /** Statements of a batch are a part of it; what runs beside it waits until it is over. */
  readonly #batch = new AsyncLocalStorage<OpenBatch>()
  #last: Promise<unknown> = Promise.resolve()
  #isOver = false

  constructor(facts: WorkFacts) {
    this.#facts = facts
  }

  execute(sql: string, parameters: readonly unknown[]): Promise<Row[]> {
    const batch = this.#batch.getStore()
    if (batch) return this.#watch(this.#inBatch(batch, sql, parameters), batch.pending)
    return this.#watch(
      this.#inTurn(async () => {
        const { dialect, steps, beforeStatement } = this.#facts
        refuseTransactionSql(sql, dialect)
        await beforeStatement?.(sql, parameters)
        return steps.statement(sql, parameters)
      }),
    )
  }

  batches(options: BatchOptions, work: (rows: Row[]) => unknown): Promise<number> {
    return this.#watch(this.#begin(options.name ?? options.table, options, work))
  }

  /**
   * Waits for everything, also for what `up` or `down` has not awaited, and ends; fails with the first that failed, when
   * none is under way any more.
   */
  async settled(): Promise<void> {
    try {
      await settle(this.#pending)
    } finally {
      this.end()
    }
  }

  /** From now on, no statement begins. */
  end(): void {
    this.#isOver = true
  }

  async #begin(loop: string, options: BatchOptions, work: (rows: Row[]) => unknown): Promise<number> {
    const around = this.#batch.getStore()
    if (around !== undefined)
      throw new BatchError(loop, `they are inside of those of "${around.loop}".`, 'Run one after the other.')
    if (this.#loops.has(loop))
      throw new BatchError(
        loop,
        'the migration has another loop of this name.',
        'Give each a name of its own.',
      )
    this.#loops.add(loop)
    return this.#inTurn(() => this.#each(loop, options, work))
  }

  async #each(loop: string, options: BatchOptions, work: (rows: Row[]) => unknown): Promise<number> {
    const { steps, onBatch } = this.#facts
    let position = steps.position(loop) ?? { rows: 0, last: undefined, isOver: false }
    while (!position.isOver) {
      const before = position
      position = await steps.batch(loop, () => this.#one(loop, options, before, work))
      onBatch?.(loop, position.rows)
      // SQLite answers at once: signals and timers would not be seen before the last batch.
      await turn()
    }
    return position.rows
  }

  async #one(
    loop: string,
    options: BatchOptions,
    before: BatchPosition,
    work: (rows: Row[]) => unknown,
  ): Promise<BatchPosition> {
    const { run, dialect } = this.#facts
    const { sql, parameters, size } = batchQuery(loop, options, before.last, dialect)
    const found = await run(sql, parameters)
    const rows = found.slice(0, size)
    const next = found[size]
    const last = rows.at(-1)
    if (!last) return { ...before, isOver: true }
    const key = endOf(loop, options.key, [last, next], before.last)
    const batch: OpenBatch = { loop, pending: [], isOver: false }
    try {
      await this.#batch.run(batch, () => work(rows))
    } finally {
      await settle(batch.pending)
      batch.isOver = true
    }
    return { rows: before.rows + rows.length, last: key, isOver: next === undefined }
  }

  async #inBatch(batch: OpenBatch, sql: string, parameters: readonly unknown[]): Promise<Row[]> {
    const { dialect, run, beforeStatement } = this.#facts
    const { loop } = batch
    if (batch.isOver) throw new MigrationOverError()
    refuseTransactionSql(sql, dialect)
    if (commitsImplicitly(sql, dialect))
      throw new BatchError(
        loop,
        `${sql.trim()} would commit half of one.`,
        'Run it before or behind the batches.',
      )
    await beforeStatement?.(sql, parameters)
    return run(sql, parameters)
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(() => {
      if (this.#isOver) throw new MigrationOverError()
      return work()
    })
    this.#last = mine.catch(() => undefined)
    return mine
  }

  /** Whoever does not await it learns of its failure from settled(). */
  #watch<T>(work: Promise<T>, pending = this.#pending): Promise<T> {
    work.catch(() => undefined)
    pending.push(work)
    return work
  }
}

/** The end of one lets those begin that waited for it: only when none does, all is over. */
async function settle(pending: readonly Promise<unknown>[]): Promise<void> {
  for (let known = -1; known !== pending.length; await turn()) {
    known = pending.length
    await Promise.allSettled(pending)
  }
  await Promise.all(pending)
}
