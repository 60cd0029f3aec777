/** @module Port: what takes part in the end of a scope, such as a database session. */

export interface ScopeParticipant {
  /** Named in the error when one participant had committed and another then failed. */
  readonly name: string
  /** Whether it is flushed at the end of a scope that does not say; default true. */
  readonly autoCommit?: boolean
  /** Writes pending changes, so that a failure is known before the reply is made. */
  flush(): Promise<void>
  /** Makes the writes permanent. It is not called when nothing was written. */
  commit(): Promise<void>
  /** Called instead of `flush` where flushing is left to the code: tells what was forgotten. */
  checkFlushed?(): Promise<void>
  /** Undoes what was written since the last commit, in the store and in memory. */
  rollback(): Promise<void>
  /** Lets go of everything; the scope is over. */
  close(): Promise<void>
}
