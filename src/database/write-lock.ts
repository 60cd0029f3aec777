/** @module Who holds the one connection that writes: whoever waits for it inside the same unit of work waits for ever. */
import { currentScope } from '../container/resolution-frame.ts'
import type { ServiceScope } from '../container/service-scope.ts'
import { OwnLockError } from './errors.ts'

/** The configuration of a connection is what all of its sessions share. */
type Key = object

const holders = new WeakMap<Key, Set<ServiceScope>>()

/** Watches the writers of a connection that has room for one. */
export function watchWriters(key: Key): void {
  holders.set(key, new Set())
}

export function holdWriter(key: Key, scope: ServiceScope): void {
  holders.get(key)?.add(scope)
}

export function releaseWriter(key: Key, scope: ServiceScope): void {
  holders.get(key)?.delete(scope)
}

/** @throws {OwnLockError} when a scope that is open here holds the connection */
export function refuseOwnLock(key: Key): void {
  const scopes = holders.get(key)
  if (!scopes?.size) return
  for (let scope = currentScope(); scope; scope = scope.outer) {
    if (scopes.has(scope)) throw new OwnLockError()
  }
}
