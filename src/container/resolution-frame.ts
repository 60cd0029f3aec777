/** @module The one AsyncLocalStorage: which scope is open here, and which services are being made here. */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { Constructor } from '../support/class-of.ts'
import type { Binding } from './binding.ts'
import type { ServiceScope } from './service-scope.ts'

/** A service in the making, or an unbound class. It ends with its factory, also when code that it started lives on. */
export interface MakingStep {
  readonly made: Binding | Constructor
  active: boolean
}

export interface ResolutionFrame {
  /** The open scope; null while a singleton is made, which must not hold a scoped service. */
  readonly scope: ServiceScope | null | undefined
  readonly steps: readonly MakingStep[]
}

const storage = new AsyncLocalStorage<ResolutionFrame>()
const outside: ResolutionFrame = { scope: undefined, steps: [] }

export function currentFrame(): ResolutionFrame {
  return storage.getStore() ?? outside
}

export function runInFrame<T>(frame: ResolutionFrame, fn: () => T): T {
  return storage.run(frame, fn)
}

/** Runs code with a scope open: everything it starts, also after an await, finds this scope. */
export function enterScope<T>(scope: ServiceScope, fn: () => T): T {
  return storage.run({ scope, steps: [] }, fn)
}

/** Runs code as if no scope were open: for what outlives the scope that starts it. */
export function leaveScopes<T>(fn: () => T): T {
  return storage.run(outside, fn)
}

/** The innermost open scope of a container, looking outwards past the scopes of other containers. */
export function findScope(container: object): ServiceScope | undefined {
  let scope = storage.getStore()?.scope ?? undefined
  while (scope && scope.container !== container) scope = scope.outer
  return scope
}

/** The innermost open scope, whichever container it belongs to. */
export function currentScope(): ServiceScope | undefined {
  return storage.getStore()?.scope ?? undefined
}
