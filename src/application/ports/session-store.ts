/** @module Port: keeps sessions between requests. It is a value, given to `sessions.store` in the configuration. */

/** It works outside of the unit of work of a request: what it keeps survives a request that is rolled back. */
export interface SessionStore {
  /** Gives what was kept under this id; undefined when there is nothing, or its time is over. */
  get(id: string): Promise<string | undefined>
  /** Keeps a text under this id in place of what was there. @param ttl for how long, in milliseconds */
  set(id: string, data: string, ttl: number): Promise<void>
  /** Forgets it; nothing happens when it is not there. */
  destroy(id: string): Promise<void>
}
