/** @module One unit of work: its services, those who take part in its end, and what happens after it. */
import { enterScope } from '../container/resolution-frame.ts'
import { attachCause, attemptAll, throwAll } from '../errors/attempt-all.ts'
import { CommitCallbacks } from './commit-callbacks.ts'
import { DescribedScope, type ScopeDescription } from './described-scope.ts'
import { AfterCommitError } from './errors.ts'
import { Participants } from './participants.ts'
import type { ScopeParticipant } from './ports/scope-participant.ts'

export interface ScopeOptions extends ScopeDescription {
  /**
   * Whether pending changes are written at the end; default: what the configuration says, else true. What was written by
   * hand is committed either way.
   */
  readonly autoCommit?: boolean | undefined
  /** Whether writing is an error; default false. */
  readonly readOnly?: boolean
}

/** Takes an error that nobody can be given any more. */
export type ReportError = (error: unknown, scope: Scope) => void

export class Scope extends DescribedScope {
  /** Undefined leaves the choice to each participant. */
  readonly autoCommit: boolean | undefined
  readonly #report: ReportError
  #isReadOnly: boolean
  #participants: Participants | undefined
  #afterCommit: CommitCallbacks | undefined

  constructor(container: object, options: ScopeOptions, report: ReportError) {
    super(container, options)
    this.autoCommit = options.autoCommit
    this.#isReadOnly = options.readOnly ?? false
    this.#report = report
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
    this.#participants ??= new Participants()
    this.#participants.enlist(participant)
  }

  /** Notes the first write of a participant: they commit in this order. */
  wrote(participant: ScopeParticipant): void {
    this.#participants ??= new Participants()
    this.#participants.wrote(participant)
  }

  /**
   * Notes that a participant has committed by hand. Unless another one has still to commit, what waits for the commit is
   * run at the end of the scope, also when what follows is rolled back.
   */
  committedByHand(participant: ScopeParticipant): void {
    this.#participants?.committedByHand(participant)
    if (!this.#participants?.hasWriters) this.#afterCommit?.settle()
  }

  /**
   * Runs a function once everything of this scope is committed; not at all when it is rolled back. What it writes is
   * committed after it. An error in it is logged and undoes only that: what was committed before stays.
   */
  afterCommit(fn: () => unknown): void {
    this.#afterCommit ??= new CommitCallbacks()
    this.#afterCommit.add(fn)
  }

  /**
   * Marks what waits for the commit now.
   *
   * @returns a function that forgets what has come since, for a part of the work that is undone
   */
  markAfterCommit(): () => void {
    const size = this.#afterCommit?.size ?? 0
    return () => this.#afterCommit?.cutTo(size)
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
    const flushes = ({ autoCommit = true }: ScopeParticipant) =>
      this.isReadOnly || (this.autoCommit ?? autoCommit)
    await enterScope(this, () => participants.flush(flushes))
  }

  /**
   * Commits the writers in the order of their first write, then runs what waits for that. What this writes in turn is
   * committed as well.
   *
   * @throws {ScopeCommitError} when one participant fails after another had committed
   */
  async commit(): Promise<void> {
    await this.#participants?.commit()
    await this.#runAllAfterCommit()
  }

  /** Undoes what was not committed. */
  async rollback(): Promise<void> {
    this.#afterCommit?.forget()
    await this.#participants?.rollback()
    await this.#runAllAfterCommit()
  }

  async close(): Promise<void> {
    if (this.isClosed) return
    if (!this.#participants) return this.dispose()
    const errors = await attemptAll([() => this.dispose(), ...this.#participants.closings])
    throwAll(errors, `${errors.length} errors at the end of a scope.`)
  }

  /**
   * Holds its work no longer, when nobody will end it again. It is itself held by every timer that was set in it, such as
   * the one with which Node keeps the date of replies for up to a second. What is logged from now on says the same.
   */
  override letGo(): void {
    super.letGo()
    this.#participants = undefined
  }

  async #runAllAfterCommit(): Promise<void> {
    for (const callback of this.#afterCommit?.take() ?? []) await this.#runAfterCommit(callback)
  }

  /** The unit of work is committed, and whoever asked for it is told so: a failure from here on can only be reported. */
  async #runAfterCommit(callback: () => unknown): Promise<void> {
    const forgetLater = this.markAfterCommit()
    try {
      await enterScope(this, callback)
      await this.flush()
      await this.#participants?.commit()
    } catch (error) {
      forgetLater()
      const failures = await attemptAll([() => this.#participants?.rollbackAll()])
      for (const failure of [error, ...failures]) this.#report(new AfterCommitError(failure), this)
    }
  }
}
