/** @module One unit of work: its services, those who take part in its end, and what happens after it. */
import { randomUUID } from 'node:crypto'
import { currentScope, enterScope, findScope } from '../container/resolution-frame.ts'
import { ServiceScope } from '../container/service-scope.ts'
import { attachCause, attemptAll, throwAll } from '../errors/attempt-all.ts'
import { AfterCommitError, ScopeCommitError } from './errors.ts'
import type { ScopeParticipant } from './ports/scope-participant.ts'

export interface ScopeOptions {
  /** What opened it: `request`, `command`, `test`. Default: `scope`. */
  readonly kind?: string
  /** The route, the command or the job, for logs. */
  readonly label?: string
  /**
   * Whether pending changes are written at the end; default: what the configuration says, else true. What was written by
   * hand is committed either way.
   */
  readonly autoCommit?: boolean | undefined
  /** Whether writing is an error; default false. */
  readonly readOnly?: boolean
  /** The module on whose behalf it runs, which decides what it may use; default: that of the scope around it. */
  readonly module?: string | undefined
  /** What the work is for, such as the reply to a request: whoever opened the scope knows it again. */
  readonly origin?: object
  /** What is known of the work from outside, for the log: a request's id. Asked when the first line is written. */
  readonly facts?: () => Facts
}

/** What stands in every line that is logged inside a scope. */
export type Facts = Readonly<Record<string, unknown>>

/** Takes an error that nobody can be given any more. */
export type ReportError = (error: unknown, scope: Scope) => void

export class Scope extends ServiceScope {
  readonly kind: string
  readonly label: string | undefined
  /** Undefined leaves the choice to each participant. */
  readonly autoCommit: boolean | undefined
  readonly module: string | undefined
  /** Whether its work is for something else than that of the scope around it. */
  readonly hasOwnOrigin: boolean
  readonly #report: ReportError
  #origin: object | undefined
  #factsFromOutside: (() => Facts) | undefined
  #notes: Facts | undefined
  #isReadOnly: boolean
  #id: string | undefined
  #participants: ScopeParticipant[] | undefined
  #writers: Set<ScopeParticipant> | undefined
  #committed: Set<ScopeParticipant> | undefined
  #afterCommit: (() => unknown)[] | undefined
  /** How many of them wait for nothing but the end: what they announce has been committed by hand. */
  #due = 0

  constructor(container: object, options: ScopeOptions, report: ReportError) {
    super(container, currentScope())
    this.kind = options.kind ?? 'scope'
    this.label = options.label
    this.autoCommit = options.autoCommit
    this.hasOwnOrigin = options.origin !== undefined
    this.#origin = options.origin ?? this.#originAround()
    const around = findScope(container)
    this.module = options.module ?? (around instanceof Scope ? around.module : undefined)
    this.#isReadOnly = options.readOnly ?? false
    this.#report = report
    this.#factsFromOutside = options.facts
  }

  get id(): string {
    this.#id ??= randomUUID()
    return this.#id
  }

  /** What the work is for, here or in the nearest scope around this one; undefined when it is over. */
  get origin(): object | undefined {
    return this.#origin
  }

  /** What it is called in messages: `request GET /books`. */
  get title(): string {
    return this.label === undefined ? this.kind : `${this.kind} ${this.label}`
  }

  /** What every line says that is logged here: this scope, what was noted in it, and what was noted in those around it. */
  get facts(): Facts {
    return { scope: this.id, kind: this.kind, label: this.label, ...this.#noted() }
  }

  /**
   * Adds facts to every later line of the log that is written in this scope, and in those opened inside it.
   *
   * @example
   * ```ts
   * import type { Application } from 'limber'
   *
   * export function noteUser(app: Application, user: { id: number }) {
   *   app.currentScope()?.note({ user: user.id })
   * }
   * ```
   */
  note(facts: Facts): void {
    this.#notes = { ...this.#notes, ...facts }
  }

  get isReadOnly(): boolean {
    return this.#isReadOnly
  }

  /** Refuses writes from now on: for what goes on when everything is committed, such as a stream. */
  becomeReadOnly(): void {
    this.#isReadOnly = true
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

  /**
   * Notes that a participant has committed by hand. Unless another one has still to commit, what waits for the commit is
   * run at the end of the scope, also when what follows is rolled back.
   */
  committedByHand(participant: ScopeParticipant): void {
    this.#writers?.delete(participant)
    if (!this.#writers?.size) this.#due = this.#afterCommit?.length ?? 0
  }

  /**
   * Runs a function once everything of this scope is committed; not at all when it is rolled back. What it writes is
   * committed after it. An error in it is logged and undoes only that: what was committed before stays.
   */
  afterCommit(fn: () => unknown): void {
    this.#afterCommit ??= []
    this.#afterCommit.push(fn)
  }

  /**
   * Marks what waits for the commit now.
   *
   * @returns a function that forgets what has come since, for a part of the work that is undone
   */
  markAfterCommit(): () => void {
    const length = this.#afterCommit?.length ?? 0
    return () => this.#afterCommit?.splice(length)
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
    } finally {
      this.letGo()
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

  /** Writes what is pending; where that is done by hand, finds out whether something was forgotten. */
  async flush(): Promise<void> {
    const participants = this.#participants
    if (!participants) return
    await enterScope(this, async () => {
      for (const participant of participants) {
        const flushes = this.isReadOnly || (this.autoCommit ?? participant.autoCommit ?? true)
        if (flushes) await participant.flush()
        else await participant.checkFlushed?.()
      }
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
    await this.#runAllAfterCommit()
  }

  /** Undoes what was not committed. */
  async rollback(): Promise<void> {
    this.#afterCommit?.splice(this.#due)
    await this.#undo((participant) => !this.#committed?.has(participant))
    await this.#runAllAfterCommit()
  }

  async close(): Promise<void> {
    if (this.isClosed) return
    if (!this.#participants) return this.dispose()
    const participants = this.#participants.map((participant) => () => participant.close())
    const errors = await attemptAll([() => this.dispose(), ...participants])
    throwAll(errors, `${errors.length} errors at the end of a scope.`)
  }

  /**
   * Holds its work no longer, when nobody will end it again. It is itself held by every timer that was set in it, such as
   * the one with which Node keeps the date of replies for up to a second. What is logged from now on says the same.
   */
  letGo(): void {
    if (this.#factsFromOutside) this.#notes = { ...this.#factsFromOutside(), ...this.#notes }
    this.#factsFromOutside = undefined
    this.#origin = undefined
    this.#participants = undefined
    this.#committed = undefined
  }

  #originAround(): object | undefined {
    let scope = this.outer
    while (scope && scope.container !== this.container) scope = scope.outer
    return scope instanceof Scope ? scope.origin : undefined
  }

  #noted(): Facts {
    const outer = this.outer instanceof Scope ? this.outer.#noted() : undefined
    return { ...outer, ...this.#factsFromOutside?.(), ...this.#notes }
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

  async #runAllAfterCommit(): Promise<void> {
    this.#due = 0
    while (this.#afterCommit?.length) await this.#runAfterCommit(this.#afterCommit.shift())
  }

  /** The unit of work is committed, and whoever asked for it is told so: a failure from here on can only be reported. */
  async #runAfterCommit(callback: (() => unknown) | undefined): Promise<void> {
    const forgetLater = this.markAfterCommit()
    try {
      await enterScope(this, () => callback?.())
      await this.flush()
      await this.#commitWriters()
    } catch (error) {
      forgetLater()
      const failures = await attemptAll([() => this.#undo(() => true)])
      for (const failure of [error, ...failures]) this.#report(new AfterCommitError(failure), this)
    }
  }

  async #undo(which: (participant: ScopeParticipant) => boolean): Promise<void> {
    const open = (this.#participants ?? []).filter(which)
    this.#writers = undefined
    const errors = await attemptAll(open.map((participant) => () => participant.rollback()))
    throwAll(errors, `${errors.length} participants failed to roll back.`)
  }
}
