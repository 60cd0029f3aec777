/** @module What a chat has come to with a user: the state of a conversation, for one module. */

/** What is kept with a state, as JSON carries it. */
export type StateData = Readonly<Record<string, unknown>>

/** The state of this user in this chat, for the module whose handler asks. It is written with the unit of work. */
export interface ChatState {
  /** Its name, or undefined where there is none. */
  name(): Promise<string | undefined>
  /** What is kept with it; empty where there is no state. */
  data(): Promise<StateData>
  /**
   * Goes to a state.
   *
   * @param options.expiresIn after which time it is forgotten, in milliseconds; default: never
   * @throws {StateDataError} for data that JSON does not carry
   */
  set(name: string, data?: StateData, options?: { readonly expiresIn?: number }): Promise<void>
  clear(): Promise<void>
}
