/** @module Whom scopes are for, so that those inside of them know it too. */
import type { UserId } from '../application/ports/user-provider.ts'
import { Scope } from '../application/scope.ts'

/** Null: nobody, whoever it was before. */
const identities = new WeakMap<Scope, UserId | null>()

export function noteIdentity(scope: Scope, id: UserId | undefined): void {
  identities.set(scope, id ?? null)
}

/** Gives whom the nearest scope around this one is for that knows it; null: nobody; undefined: none of them knows. */
export function identityAround(inner: Scope | undefined): UserId | null | undefined {
  for (let scope: unknown = inner?.outer; scope instanceof Scope; scope = scope.outer) {
    const id = identities.get(scope)
    if (id !== undefined) return id
  }
  return undefined
}
