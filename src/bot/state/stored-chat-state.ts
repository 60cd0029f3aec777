/** @module The state of a user in a chat, as it is kept beside the effects of an update. */
import type { Clock } from '../../application/ports/clock.ts'
import type { StateKey, StoredState, UpdateStore } from '../../application/ports/update-store.ts'
import { isTimeSpan, TIME_SPAN } from '../../support/time-span.ts'
import type { ChatState, StateData } from './chat-state.ts'
import { NoStateHereError, StateExpiryError, StateNameError } from './errors.ts'
import { stateData } from './state-data.ts'

/** Reads the store once, and sees what it has written itself. One is made for each update. */
export class StoredChatState implements ChatState {
  readonly #store: UpdateStore
  readonly #key: StateKey | undefined
  readonly #clock: Clock
  #found: Promise<StoredState | undefined> | undefined

  /** @param key undefined for an update without a user or a chat, which has no state */
  constructor(store: UpdateStore, key: StateKey | undefined, clock: Clock) {
    this.#store = store
    this.#key = key
    this.#clock = clock
  }

  async name(): Promise<string | undefined> {
    return (await this.#current())?.name
  }

  async data(): Promise<StateData> {
    // A copy: what is changed in it without set() would be seen here, and nowhere later.
    return structuredClone((await this.#current())?.data ?? {})
  }

  /** @throws {StateNameError} @throws {StateDataError} @throws {StateExpiryError} @throws {NoStateHereError} */
  async set(
    name: string,
    data: StateData = {},
    { expiresIn }: { readonly expiresIn?: number } = {},
  ): Promise<void> {
    checkStateName(name)
    if (expiresIn !== undefined && !isTimeSpan(expiresIn))
      throw new StateExpiryError(name, expiresIn, TIME_SPAN)
    const expiresAt = expiresIn === undefined ? undefined : this.#clock.now() + expiresIn
    await this.#write('set()', { name, data: stateData(name, data), expiresAt })
  }

  /** @throws {NoStateHereError} */
  async clear(): Promise<void> {
    await this.#write('clear()', undefined)
  }

  async #write(call: string, state: StoredState | undefined): Promise<void> {
    if (!this.#key) throw new NoStateHereError(`state.${call}`)
    await this.#store.writeState(this.#key, state)
    this.#found = Promise.resolve(state)
  }

  async #current(): Promise<StoredState | undefined> {
    const state = await this.#read()
    const isOver = state?.expiresAt !== undefined && state.expiresAt <= this.#clock.now()
    return isOver ? undefined : state
  }

  #read(): Promise<StoredState | undefined> {
    if (!this.#key) return Promise.resolve(undefined)
    if (this.#found) return this.#found
    const found = this.#store.state(this.#key, this.#clock.now())
    this.#found = found
    // The next one may find the database there again.
    found.catch(() => {
      if (this.#found === found) this.#found = undefined
    })
    return found
  }
}

/** @throws {StateNameError} */
export function checkStateName(name: string): void {
  // Without a type check, whatever is given to RegExp becomes a text.
  if (typeof name !== 'string' || !/^[\p{L}\p{N}_.:#$-]{1,64}$/u.test(name)) throw new StateNameError(name)
}
