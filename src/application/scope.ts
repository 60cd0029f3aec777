/** @module One unit of work: its services, those who take part in its end, and what happens after it. */
import { randomUUID } from 'node:crypto'
import { currentScope, enterScope } from '../container/resolution-frame.ts'
import { ServiceScope } from '../container/service-scope.ts'
import { ScopeCommitError } from './errors.ts'
import type { ScopeParticipant } from './ports/scope-participant.ts'

export interface ScopeOptions {
  /** What opened it: `request`, `command`, `test`. Default: `scope`. */
  readonly kind?: string
  /** The route, the command or the job, for logs. */
  readonly label?: string
  /** Whether pending changes are written at the end; default true. What was written by hand is committed either way. */
  readonly autoCommit?: boolean
}

export class Scope extends ServiceScope {
  readonly kind: string
  readonly label: string | undefined
  readonly autoCommit: boolean
  #id: string | undefined
  #participants: ScopeParticipant[] | undefined
  #writers: Set<ScopeParticipant> | undefined
  #afterCommit: (() => unknown)[] | undefined

  constructor(container: object, options: ScopeOptions = {}) {
    super(container, currentScope())
    this.kind = options.kind ?? 'scope'
    this.label = options.label
    this.autoCommit = options.autoCommit ?? true
  }

  get id(): string {
    this.#id ??= randomUUID()
    return this.#id
  }

  /** Makes a participant take part in the end of this scope. */
  enlist(participant: ScopeParticipant): void {
    this.#participants ??= []
    this.#participants.push(participant)
  }

  /** Notes the first write of a participant: they commit in this order. */
  wrote(participant: ScopeParticipant): void {
    this.#writers ??= new Set()
    this.#writers.add(participant)
  }

  /** Runs a function once everything of this scope is committed; not at all when it is rolled back. */
  afterCommit(fn: () => unknown): void {
    this.#afterCommit ??= []
    this.#afterCommit.push(fn)
  }

  /** Runs the whole unit of work: commits when the function succeeds, rolls back when it throws. */
  async run<T>(fn: () => T | Promise<T>): Promise<T> {
    try {
      const result = await enterScope(this, fn)
      await this.complete()
      return result
    } catch (error) {
      await this.abandon(error)
      throw error
    }
  }

  /** Flushes, commits, runs what waits for the commit, and closes. */
  async complete(): Promise<void> {
    await this.flush()
    await this.commit()
    await this.close()
  }

  /** Rolls back and closes. An error on the way is attached to the one that led here, which matters more. */
  async abandon(reason?: unknown): Promise<void> {
    try {
      await this.rollback()
      await this.close()
    } catch (error) {
      if (reason instanceof Error && reason.cause === undefined) reason.cause = error
      else if (reason === undefined) throw error
    }
  }

  async flush(): Promise<void> {
    const participants = this.#participants
    if (!participants || !this.autoCommit) return
    await enterScope(this, async () => {
      for (const participant of participants) await participant.flush()
    })
  }

  /** @throws {ScopeCommitError} when one participant fails after another had committed */
  async commit(): Promise<void> {
    const committed: string[] = []
    for (const participant of this.#writers ?? []) {
      try {
        await participant.commit()
      } catch (error) {
        throw committed.length > 0 ? new ScopeCommitError(participant.name, committed, error) : error
      }
      this.#writers?.delete(participant)
      committed.push(participant.name)
    }
    const callbacks = this.#afterCommit
    this.#afterCommit = undefined
    for (const callback of callbacks ?? []) await enterScope(this, callback)
  }

  async rollback(): Promise<void> {
    this.#afterCommit = undefined
    for (const participant of this.#participants ?? []) await participant.rollback()
    this.#writers = undefined
  }

  async close(): Promise<void> {
    if (this.isClosed) return
    await this.dispose()
    for (const participant of this.#participants ?? []) await participant.close()
  }
}
