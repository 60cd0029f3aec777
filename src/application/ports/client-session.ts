/** @module Port: what is remembered of a client between its requests, for those who do not know HTTP. */

/** What is written in it is kept when the unit of work of the request is. */
export interface ClientSession {
  /** Gives what was set under a key, as JSON carries it; undefined when there is nothing. */
  get(key: string): unknown
  set(key: string, value: unknown): void
  delete(key: string): void
  /** Goes on under a new id, so that whoever knew the old one has nothing. */
  regenerate(): Promise<void>
  /** Ends it, and takes its cookie away. */
  destroy(): Promise<void>
}
