/** @module What a store in memory writes with a unit of work: nothing of it is there before the commit. */
import { NoScopeError } from '../../application/errors.ts'
import type { ScopeParticipant } from '../../application/ports/scope-participant.ts'
import { Scope } from '../../application/scope.ts'
import { currentScope } from '../../container/resolution-frame.ts'

export class ScopeWrites {
  readonly #name: string
  readonly #participants = new WeakMap<Scope, PendingWrites>()

  /** @param name whose writes they are, for messages */
  constructor(name: string) {
    this.#name = name
  }

  /**
   * Has something written when the unit of work that is open here is committed.
   *
   * @throws {NoScopeError} outside of a scope
   */
  add(write: () => void): void {
    const scope = currentScope()
    if (!(scope instanceof Scope)) throw new NoScopeError('Writing to the store of updates')
    const participant = this.#participants.get(scope) ?? this.#enlist(scope)
    participant.add(write)
    scope.wrote(participant)
  }

  #enlist(scope: Scope): PendingWrites {
    const participant = new PendingWrites(this.#name)
    this.#participants.set(scope, participant)
    scope.enlist(participant)
    return participant
  }
}

class PendingWrites implements ScopeParticipant {
  readonly name: string
  #writes: (() => void)[] = []

  constructor(name: string) {
    this.name = name
  }

  add(write: () => void): void {
    this.#writes.push(write)
  }

  async flush(): Promise<void> {
    // Writes in memory are made at the commit, and none of them can fail before.
  }

  async commit(): Promise<void> {
    const writes = this.#writes
    this.#writes = []
    for (const write of writes) write()
  }

  async rollback(): Promise<void> {
    this.#writes = []
  }

  async close(): Promise<void> {
    this.#writes = []
  }
}
