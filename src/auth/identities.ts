/** @module Whom scopes are for, so that those inside of them know it too. */
import type { UserId } from '../application/ports/user-provider.ts'
import { Scope } from '../application/scope.ts'

/** Null: nobody, whoever it was before. */
const identities = new WeakMap<Scope, UserId | null>()

export function noteIdentity(scope: Scope, id: UserId | undefined): void {
  identities.set(scope, id ?? null)
}

/**
 * Gives whom the nearest scope around this one is for that knows it; null: nobody; undefined: none of them knows. A request
 * or a message, which alone has an origin, is for whoever has sent it, and not for those around it. What another application
 * has opened around it says nothing: its users are others.
 */
export function identityAround(inner: Scope | undefined): UserId | null | undefined {
  let scope: unknown = inner
  while (scope instanceof Scope && !isSent(scope, inner)) {
    scope = scope.outer
    const id = scope instanceof Scope && isOfOne(scope, inner) ? identities.get(scope) : undefined
    if (id !== undefined) return id
  }
  return undefined
}

function isSent(scope: Scope, inner: Scope | undefined): boolean {
  return scope.hasOwnOrigin && isOfOne(scope, inner)
}

function isOfOne(scope: Scope, inner: Scope | undefined): boolean {
  return scope.container === inner?.container
}
