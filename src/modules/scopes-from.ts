/** @module The scopes in which code runs. */
import type { ServiceScope } from '../container/service-scope.ts'

/** A scope and those around it, outwards. */
export function scopesFrom(innermost: ServiceScope | undefined): ServiceScope[] {
  const scopes: ServiceScope[] = []
  for (let scope = innermost; scope; scope = scope.outer) scopes.push(scope)
  return scopes
}
