/** @module Where the work for a route is noted: with its server, and with the module that it belongs to. */
import { setMaxListeners } from 'node:events'
import type { RouteOwner } from '../routing/route-owner.ts'
import type { InFlight, OpenThings, OpenWork } from './in-flight.ts'

export class RouteWork {
  readonly #server: InFlight
  readonly #shared = new WeakMap<RouteOwner, OpenThings>()

  constructor(server: InFlight) {
    this.#server = server
  }

  of(owner: RouteOwner | undefined): OpenThings {
    if (!owner) return this.#server
    let shared = this.#shared.get(owner)
    if (!shared) {
      shared = new SharedWork(owner.inFlight, this.#server)
      this.#shared.set(owner, shared)
    }
    return shared
  }
}

/** What both wait for, and either may cut. */
class SharedWork implements OpenThings {
  readonly draining: AbortSignal
  readonly #both: readonly InFlight[]

  constructor(...both: readonly InFlight[]) {
    this.#both = both
    this.draining = AbortSignal.any(both.map(({ draining }) => draining))
    setMaxListeners(0, this.draining)
  }

  enter(thing: object, cut: () => unknown, describe: () => OpenWork): void {
    for (const one of this.#both) one.enter(thing, cut, describe)
  }

  leave(thing: object): void {
    for (const one of this.#both) one.leave(thing)
  }
}
