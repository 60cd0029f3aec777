/** @module Port: keeps what a bot must not forget, together with the effects of an update. Bound as `db.updates` by the database. */

/** A call of the Bot API that waits for the commit: its method, and what it is given, as JSON carries it. */
export interface StoredCall {
  readonly method: string
  readonly payload: Readonly<Record<string, unknown>>
}

/** An update by its number, which is unique for one bot. */
export interface UpdateKey {
  /** The id of the bot. */
  readonly bot: number
  /** The `update_id`. */
  readonly update: number
}

/** Whose state it is: of one user in one chat, for one module. */
export interface StateKey {
  readonly bot: number
  /** Empty for the application itself. */
  readonly module: string
  readonly chat: number
  /** Or the chat in whose name somebody writes there. */
  readonly user: number
}

export interface StoredState {
  readonly name: string
  /** As JSON carries it. */
  readonly data: Readonly<Record<string, unknown>>
  /** When it is forgotten, in milliseconds since 1970; undefined never. */
  readonly expiresAt: number | undefined
}

/** Calls of a handled update that have not all been made. */
export interface WaitingCalls extends UpdateKey {
  readonly calls: readonly StoredCall[]
  /** How many of them have been made. */
  readonly made: number
  /** When the update was handled, in milliseconds since 1970. */
  readonly handledAt: number
}

/**
 * Ids of bots, updates, chats and users are whole numbers up to 2^53. What is said to be of the unit of work is written in the
 * session of the scope that is open, and comes and goes with its commit; everything else works outside of any.
 */
export interface UpdateStore {
  /** Makes the tables where they are missing. Called once before anything else; it may be called again. */
  prepare(): Promise<void>
  isHandled(key: UpdateKey): Promise<boolean>
  /**
   * Notes in the unit of work that an update is handled, and what is to be called after the commit.
   *
   * @param heldUntil until when whoever handles it makes these calls itself, in milliseconds since 1970
   * @throws {UpdateHandledError} when it was handled before, here or in another process, at the latest by the commit
   */
  record(key: UpdateKey, calls: readonly StoredCall[], now: number, heldUntil: number): Promise<void>
  /** Notes that the first `made` calls of an update have been made; its row then waits only where there are more. */
  noteMade(key: UpdateKey, made: number): Promise<void>
  /**
   * Moves the time until when whoever makes the calls of an update makes them itself: later while it is at it, to now when it lets go.
   *
   * @param since the time as whoever holds them knows it
   * @returns false where nothing waits, or somebody else has taken them over since: then nothing is moved
   */
  hold(key: UpdateKey, since: number, heldUntil: number): Promise<boolean>
  /** Forgets the calls of an update that have not been made. */
  dropCalls(key: UpdateKey): Promise<void>
  /**
   * Takes over the calls whose time to be made by somebody else is over, oldest update first, at most `limit` updates: no other
   * process is given them before `heldUntil`.
   */
  takeWaiting(bot: number, now: number, heldUntil: number, limit: number): Promise<readonly WaitingCalls[]>
  /** Forgets what was handled before a time (milliseconds since 1970) and waits for nothing, and states that are over. */
  prune(bot: number, before: number, now: number): Promise<void>
  /** Gives the state; undefined where there is none or its time is over. */
  state(key: StateKey, now: number): Promise<StoredState | undefined>
  /** Writes the state in the unit of work; undefined removes it. */
  writeState(key: StateKey, state: StoredState | undefined): Promise<void>
}

export interface UpdateStores {
  /**
   * The store on a connection of `db`, made for whoever works on that connection.
   *
   * @param connection its name; default: the default connection
   * @returns undefined where that connection is switched off
   */
  on(connection?: string): UpdateStore | undefined
}

declare module '../../container/services.ts' {
  interface Services {
    'db.updates': UpdateStores
  }
}
