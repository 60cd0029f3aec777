/** @module The store of updates in the memory of the process: for a bot without a database. What it keeps ends with the process. */
import type {
  StateKey,
  StoredCall,
  StoredState,
  UpdateKey,
  UpdateStore,
  WaitingCalls,
} from '../../application/ports/update-store.ts'
import { UpdateHandledError } from '../../application/update-stores/errors.ts'
import { ScopeWrites } from './scope-writes.ts'

interface Handled {
  readonly key: UpdateKey
  readonly handledAt: number
  calls: readonly StoredCall[]
  made: number
  heldUntil: number
}

export class MemoryUpdateStore implements UpdateStore {
  readonly #handled = new Map<string, Handled>()
  readonly #states = new Map<string, StoredState>()
  readonly #writes = new ScopeWrites('the updates in memory')

  async prepare(): Promise<void> {
    // There is nothing to make.
  }

  async isHandled(key: UpdateKey): Promise<boolean> {
    return this.#handled.has(nameOf(key))
  }

  async record(key: UpdateKey, calls: readonly StoredCall[], now: number, heldUntil: number): Promise<void> {
    this.#refuseHandled(key)
    this.#writes.add(() => {
      this.#refuseHandled(key)
      this.#handled.set(nameOf(key), { key, handledAt: now, calls, made: 0, heldUntil })
    })
  }

  async noteMade(key: UpdateKey, made: number): Promise<void> {
    const handled = this.#handled.get(nameOf(key))
    if (!handled) return
    handled.made = Math.max(handled.made, made)
    // Nobody asks for them any more, and updates are remembered for days.
    if (!isWaiting(handled)) handled.calls = []
  }

  async dropCalls(key: UpdateKey): Promise<void> {
    const handled = this.#handled.get(nameOf(key))
    if (handled) handled.calls = handled.calls.slice(0, handled.made)
  }

  async hold(key: UpdateKey, since: number, heldUntil: number): Promise<boolean> {
    const handled = this.#handled.get(nameOf(key))
    if (!handled || !isWaiting(handled) || handled.heldUntil !== since) return false
    handled.heldUntil = heldUntil
    return true
  }

  async takeWaiting(
    bot: number,
    now: number,
    heldUntil: number,
    limit: number,
  ): Promise<readonly WaitingCalls[]> {
    const free = [...this.#handled.values()].filter((each) => {
      return each.key.bot === bot && isWaiting(each) && each.heldUntil <= now
    })
    const taken = free.sort((a, b) => a.key.update - b.key.update).slice(0, limit)
    for (const each of taken) each.heldUntil = heldUntil
    return taken.map(({ key, calls, made, handledAt }) => ({ ...key, calls, made, handledAt }))
  }

  async prune(bot: number, before: number, now: number): Promise<void> {
    for (const [name, each] of this.#handled) {
      if (each.key.bot === bot && each.handledAt < before && !isWaiting(each)) this.#handled.delete(name)
    }
    for (const [name, state] of this.#states) if (isOver(state, now)) this.#states.delete(name)
  }

  async state(key: StateKey, now: number): Promise<StoredState | undefined> {
    const state = this.#states.get(nameOf(key))
    return state && !isOver(state, now) ? state : undefined
  }

  async writeState(key: StateKey, state: StoredState | undefined): Promise<void> {
    // What is kept is a copy, as in a database.
    const copy = state && { ...state, data: structuredClone(state.data) }
    this.#writes.add(() => {
      if (copy) this.#states.set(nameOf(key), copy)
      else this.#states.delete(nameOf(key))
    })
  }

  #refuseHandled(key: UpdateKey): void {
    if (this.#handled.has(nameOf(key))) throw new UpdateHandledError(key)
  }
}

function isWaiting({ calls, made }: Handled): boolean {
  return made < calls.length
}

function isOver({ expiresAt }: StoredState, now: number): boolean {
  return expiresAt !== undefined && expiresAt <= now
}

function nameOf(key: UpdateKey | StateKey): string {
  return 'update' in key ? `${key.bot}/${key.update}` : `${key.bot}/${key.module}/${key.chat}/${key.user}`
}
