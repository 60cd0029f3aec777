/** @module Port: what takes part in the end of a scope, such as a database session. */

export interface ScopeParticipant {
  /** Named in the error when one participant had committed and another then failed. */
  readonly name: string
  /** Writes pending changes, so that a failure is known before the reply is made. */
  flush(): Promise<void>
  /** Makes the writes permanent. It is not called when nothing was written. */
  commit(): Promise<void>
  /** Undoes the writes, in the store and in memory. */
  rollback(): Promise<void>
  /** Lets go of everything; the scope is over. */
  close(): Promise<void>
}
