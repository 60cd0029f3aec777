/** @module One unit of work: its services, those who take part in its end, and what happens after it. */
import { randomUUID } from 'node:crypto'
import { currentScope, enterScope } from '../container/resolution-frame.ts'
import { ServiceScope } from '../container/service-scope.ts'
import { attachCause, attemptAll, throwAll } from '../errors/attempt-all.ts'
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
  #committed: Set<ScopeParticipant> | undefined
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
    this.#committed?.delete(participant)
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
    if (this.#participants || this.#afterCommit) {
      await this.flush()
      await this.commit()
    }
    await this.close()
  }

  /** Rolls back and closes. An error on the way is added to the causes of the one that led here, which matters more. */
  async abandon(reason?: unknown): Promise<void> {
    const errors = await attemptAll([() => this.rollback(), () => this.close()])
    if (errors.length === 0) return
    const error =
      errors.length === 1
        ? errors[0]
        : new AggregateError(errors, `${errors.length} errors at the end of a scope.`)
    if (reason === undefined) throw error
    attachCause(reason, error)
  }

  async flush(): Promise<void> {
    const participants = this.#participants
    if (!participants || !this.autoCommit) return
    await enterScope(this, async () => {
      for (const participant of participants) await participant.flush()
    })
  }

  /**
   * Commits the writers in the order of their first write, then runs what waits for that. What this writes in turn is
   * committed as well.
   *
   * @throws {ScopeCommitError} when one participant fails after another had committed
   */
  async commit(): Promise<void> {
    await this.#commitWriters()
    while (this.#afterCommit) {
      const callbacks = this.#afterCommit
      this.#afterCommit = undefined
      const errors = await attemptAll(callbacks.map((callback) => () => enterScope(this, callback)))
      await this.flush()
      await this.#commitWriters()
      throwAll(errors, `${errors.length} functions that waited for the commit failed.`)
    }
  }

  /** Undoes what was not committed. */
  async rollback(): Promise<void> {
    this.#afterCommit = undefined
    const open = (this.#participants ?? []).filter((participant) => !this.#committed?.has(participant))
    this.#writers = undefined
    const errors = await attemptAll(open.map((participant) => () => participant.rollback()))
    throwAll(errors, `${errors.length} participants failed to roll back.`)
  }

  async close(): Promise<void> {
    if (this.isClosed) return
    if (!this.#participants) return this.dispose()
    const participants = this.#participants.map((participant) => () => participant.close())
    const errors = await attemptAll([() => this.dispose(), ...participants])
    throwAll(errors, `${errors.length} errors at the end of a scope.`)
  }

  async #commitWriters(): Promise<void> {
    for (const participant of this.#writers ?? []) {
      const others = [...(this.#committed ?? [])].map(({ name }) => name)
      try {
        await participant.commit()
      } catch (error) {
        throw others.length > 0 ? new ScopeCommitError(participant.name, others, error) : error
      }
      this.#writers?.delete(participant)
      this.#committed ??= new Set()
      this.#committed.add(participant)
    }
  }
}
