/** @module Those who take part in the end of a unit of work: the order in which they commit, and what is undone. */
import { attemptAll, throwAll } from '../errors/attempt-all.ts'
import { ScopeCommitError } from './errors.ts'
import type { ScopeParticipant } from './ports/scope-participant.ts'

export class Participants {
  readonly #all: ScopeParticipant[] = []
  /** Who has written and has still to commit, in the order of their first write. */
  readonly #writers = new Set<ScopeParticipant>()
  readonly #committed = new Set<ScopeParticipant>()

  /** Whether somebody has still to commit. */
  get hasWriters(): boolean {
    return this.#writers.size > 0
  }

  enlist(participant: ScopeParticipant): void {
    this.#all.push(participant)
  }

  wrote(participant: ScopeParticipant): void {
    this.#committed.delete(participant)
    this.#writers.add(participant)
  }

  /** Somebody has committed alone, before the end. */
  committedByHand(participant: ScopeParticipant): void {
    this.#writers.delete(participant)
  }

  /** @param flushes whether a participant is flushed; else it finds out whether something was forgotten */
  async flush(flushes: (participant: ScopeParticipant) => boolean): Promise<void> {
    for (const participant of this.#all) {
      if (flushes(participant)) await participant.flush()
      else await participant.checkFlushed?.()
    }
  }

  /** @throws {ScopeCommitError} when one fails after another had committed */
  async commit(): Promise<void> {
    for (const participant of this.#writers) {
      const others = [...this.#committed].map(({ name }) => name)
      try {
        await participant.commit()
      } catch (error) {
        throw others.length > 0 ? new ScopeCommitError(participant.name, others, error) : error
      }
      this.#writers.delete(participant)
      this.#committed.add(participant)
    }
  }

  /** Undoes what was not committed. */
  rollback(): Promise<void> {
    return this.#undo(this.#all.filter((participant) => !this.#committed.has(participant)))
  }

  /** Undoes what was written since, also by those who have committed before. */
  rollbackAll(): Promise<void> {
    return this.#undo(this.#all)
  }

  /** What closes each of them. */
  get closings(): readonly (() => Promise<void>)[] {
    return this.#all.map((participant) => () => participant.close())
  }

  async #undo(participants: readonly ScopeParticipant[]): Promise<void> {
    this.#writers.clear()
    const errors = await attemptAll(participants.map((participant) => () => participant.rollback()))
    throwAll(errors, `${errors.length} participants failed to roll back.`)
  }
}
