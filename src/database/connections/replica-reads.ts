/** @module Which connections have replicas that lag behind: there, a session that has written reads from the primary. */

/** The configuration of a connection is what all of its sessions share. */
type Key = object

const lagging = new WeakSet<Key>()

/** Notes that the replicas of a connection may not have what was just written. */
export function watchReplicas(key: Key): void {
  lagging.add(key)
}

/** Whether a read has to go to the primary to see what was written before. */
export function hasLaggingReplicas(key: Key): boolean {
  return lagging.has(key)
}
