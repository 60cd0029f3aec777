/** @module What the locks of all databases have in common. */

/** The lock of one database, on one connection of its own: it ends with that connection, so that no killed process keeps it. */
export interface MigrationLock {
  /** Says whether it is ours now, and never waits: whoever waits inside a statement can be what a migration waits for. */
  tryAcquire(): Promise<boolean>
  /** Who has it, where the database can tell. */
  holder(): Promise<string | undefined>
  release(): Promise<void>
  /** Gives up what belongs to the lock, whether it was acquired or not. */
  close?(): Promise<void>
}
