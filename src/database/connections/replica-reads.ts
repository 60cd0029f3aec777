/** @module Which connections have replicas that lag behind: there, a session that has written reads from the primary. */
import type { ServiceScope } from '../../container/service-scope.ts'

/** The configuration of a connection is what all of its sessions share. */
type Key = object

const lagging = new WeakSet<Key>()

/** Notes that the replicas of a connection may not have what was just written. */
export function watchReplicas(key: Key): void {
  lagging.add(key)
}

const writing = new WeakMap<object, Set<Key>>()

/** Notes that something is written inside a scope: also those around it read on from the primary. */
export function noteWrite(key: Key, scope: ServiceScope | undefined): void {
  if (!lagging.has(key)) return
  for (let one = scope; one; one = one.outer) {
    const keys = writing.get(one) ?? new Set()
    writing.set(one, keys.add(key))
  }
}

/** Whether something was written in a scope, or in another one inside it, that a replica may not have yet. */
export function hasWritten(key: Key, scope: ServiceScope): boolean {
  return writing.get(scope)?.has(key) ?? false
}

/** Whether a read has to go to the primary to see what was written before. */
export function hasLaggingReplicas(key: Key): boolean {
  return lagging.has(key)
}
