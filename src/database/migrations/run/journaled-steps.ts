/** @module Carries out a migration step by step, and writes down how far it is with each commit: it can go on from there. */
import type { Row, RunSql } from '../../connections/connection.ts'
import type { Dialect } from '../../connections/driver.ts'
import { commitsImplicitly } from '../../transactions/transaction-sql.ts'
import { ResumeError } from './errors.ts'
import type { BatchPosition, Direction, Progress, ProgressTable } from './progress.ts'
import { isDoneAlready, ranInTransaction, refusesTransactions } from './single-statements.ts'
import type { Steps } from './steps.ts'

export interface JournalFacts {
  readonly name: string
  readonly direction: Direction
  readonly run: RunSql
  readonly dialect: Dialect
  readonly table: ProgressTable
  /** How far it got before. */
  readonly before: Progress | undefined
  /** Whether each step is committed, and not only where the database does so by itself. */
  readonly commitsEach: boolean
  /** Statements that only read are carried out each time, and not counted. */
  readonly isRead: (sql: string) => boolean
}

export class JournaledSteps implements Steps {
  readonly #facts: JournalFacts
  readonly #done: string[]
  #seen = 0
  #isOpen = false
  #failed: string | undefined
  #failure: unknown

  constructor(facts: JournalFacts) {
    this.#facts = facts
    this.#done = [...(facts.before?.done ?? [])]
  }

  /** The statement that failed, if it was one. */
  get failed(): string | undefined {
    return this.#failed
  }

  async statement(sql: string, parameters: readonly unknown[]): Promise<Row[]> {
    // What was not awaited must not go on behind a failure.
    if (this.#failure !== undefined) throw this.#failure
    if (this.#facts.isRead(sql)) return this.#facts.run(sql, parameters)
    const index = this.#seen++
    const recorded = this.#facts.before?.done ?? []
    try {
      const earlier = recorded[index]
      if (earlier === undefined) return await this.#carryOut(sql, parameters)
      if (earlier !== sql.trim()) throw new ResumeError(this.#facts.name, index + 1, earlier, sql)
      return []
    } catch (error) {
      this.#failure = error
      if (!(error instanceof ResumeError)) this.#failed = sql.trim()
      throw error
    }
  }

  position(loop: string): BatchPosition | undefined {
    return this.#facts.before?.batches.get(loop)
  }

  async batch(loop: string, work: () => Promise<BatchPosition>): Promise<BatchPosition> {
    if (this.#failure !== undefined) throw this.#failure
    const { table, name, direction } = this.#facts
    await this.#open()
    try {
      const position = await work()
      await table.noteBatch(name, direction, loop, position)
      if (this.#facts.commitsEach) await this.#commit()
      return position
    } catch (error) {
      this.#failure = error
      throw error
    }
  }

  /** Commits the end together with its last step. */
  async finish(record: () => Promise<void>): Promise<void> {
    const { table, name, before } = this.#facts
    const left = before?.done[this.#seen]
    if (left !== undefined) throw new ResumeError(name, this.#seen + 1, left, undefined)
    await this.#open()
    await record()
    await table.forget(name)
    await this.#commit()
  }

  /** Undoes what is not committed; gives what stays. */
  async abandon(): Promise<Progress | undefined> {
    const { run, table, name, direction } = this.#facts
    // The failure may have ended the transaction already: then there is nothing left to undo.
    if (this.#isOpen) await run('rollback').catch(() => undefined)
    const left = await table.of(name)
    if (left?.started === undefined) return left
    // It failed, and is not in doubt: only a killed process leaves it so.
    if (left.done.length > 0 || left.batches.size > 0) await table.note(name, direction, left.done)
    else await table.forget(name)
    return table.of(name)
  }

  async #carryOut(sql: string, parameters: readonly unknown[]): Promise<Row[]> {
    const { run, dialect, commitsEach } = this.#facts
    if (commitsImplicitly(sql, dialect) || refusesTransactions(sql, dialect))
      return this.#alone(sql, parameters)
    await this.#open()
    let rows: Row[]
    try {
      rows = await run(sql, parameters)
    } catch (error) {
      if (!commitsEach || !ranInTransaction(error)) throw error
      await run('rollback')
      this.#isOpen = false
      return this.#alone(sql, parameters)
    }
    await this.#note(sql)
    if (commitsEach) await this.#commit()
    return rows
  }

  /** A statement that cannot be in one transaction with the note of it: it is announced before. */
  async #alone(sql: string, parameters: readonly unknown[]): Promise<Row[]> {
    const { run, dialect, table, name, direction, before } = this.#facts
    await this.#commit()
    const text = sql.trim()
    const isInDoubt = before?.started === text && this.#done.length === before.done.length
    await table.note(name, direction, this.#done, text)
    let rows: Row[] = []
    try {
      rows = await run(sql, parameters)
    } catch (error) {
      if (!isInDoubt || !isDoneAlready(error, dialect)) throw error
    }
    await this.#note(sql)
    return rows
  }

  async #note(sql: string): Promise<void> {
    const { table, name, direction } = this.#facts
    this.#done.push(sql.trim())
    await table.note(name, direction, this.#done)
  }

  async #open(): Promise<void> {
    if (this.#isOpen) return
    await this.#facts.run(this.#facts.dialect === 'sqlite' ? 'begin immediate' : 'begin')
    this.#isOpen = true
  }

  async #commit(): Promise<void> {
    if (!this.#isOpen) return
    await this.#facts.run('commit')
    this.#isOpen = false
  }
}
