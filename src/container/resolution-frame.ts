/** @module The one AsyncLocalStorage: which scope is open here, and which services are being made here. */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { InMaking, Making } from './making.ts'
import type { ServiceScope } from './service-scope.ts'

export interface ResolutionFrame extends Making {
  /** The open scope; null while a singleton is made, which must not hold a scoped service. */
  readonly scope: ServiceScope | null | undefined
  /** The making that asked for this one. */
  readonly outer: ResolutionFrame | undefined
  /** Whether the guard is not asked for what is obtained here. */
  readonly isUnguarded: boolean
}

const storage = new AsyncLocalStorage<ResolutionFrame>()
const outside = frameOf(undefined, undefined, undefined)

export function currentFrame(): ResolutionFrame {
  return storage.getStore() ?? outside
}

export function runInFrame<T>(frame: ResolutionFrame, fn: () => T): T {
  return storage.run(frame, fn)
}

/** A frame in which something is made, for the frame that asked for it. */
export function makingFrame(making: InMaking, outer: ResolutionFrame, scope = outer.scope): ResolutionFrame {
  return frameOf(scope, making, innermost(outer))
}

/** What is being made here, the innermost first. */
export function activeMakings(frame: ResolutionFrame): ResolutionFrame[] {
  const makings: ResolutionFrame[] = []
  for (let active = innermost(frame); active; active = innermost(active.outer)) makings.push(active)
  return makings
}

/** Runs code with a scope open: everything it starts, also after an await, finds this scope. */
export function enterScope<T>(scope: ServiceScope, fn: () => T): T {
  return storage.run(frameOf(scope, undefined, innermost(currentFrame())), fn)
}

/** Runs code as if no scope were open: for what outlives the scope that starts it. */
export function leaveScopes<T>(fn: () => T): T {
  return storage.run(outside, fn)
}

/** Runs code of the framework that works for whoever asks it: what the asker may use is not its measure. */
export function unguarded<T>(fn: () => T): T {
  const frame = currentFrame()
  return storage.run({ ...frameOf(frame.scope, undefined, innermost(frame)), isUnguarded: true }, fn)
}

/** The innermost open scope of a container, looking outwards past the scopes of other containers. */
export function findScope(container: object): ServiceScope | undefined {
  let scope = currentScope()
  while (scope && scope.container !== container) scope = scope.outer
  return scope
}

/** The innermost open scope, whichever container it belongs to. */
export function currentScope(): ServiceScope | undefined {
  return storage.getStore()?.scope ?? undefined
}

/** Whether this code runs inside the making of a service. */
export function isMaking(): boolean {
  return innermost(currentFrame()) !== undefined
}

/** The nearest frame whose making goes on. Others are left out, so that nothing holds on to what is over. */
function innermost(frame: ResolutionFrame | undefined): ResolutionFrame | undefined {
  let active = frame
  while (active && !(active.making && active.isActive)) active = active.outer
  return active
}

function frameOf(
  scope: ServiceScope | null | undefined,
  making: InMaking | undefined,
  outer: ResolutionFrame | undefined,
): ResolutionFrame {
  const isUnguarded = storage.getStore()?.isUnguarded ?? false
  return { scope, making, outer, isUnguarded, isActive: true, waitsFor: undefined }
}
