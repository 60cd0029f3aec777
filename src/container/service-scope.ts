/** @module The services of one scope: made on first use, the same for all who ask, disposed newest first. */
import { ScopeClosedError } from './errors.ts'
import type { ServiceKey } from './services.ts'
import { Shelf } from './shelf.ts'

export class ServiceScope extends Shelf {
  /** The container whose scoped services live here. */
  readonly container: object
  /** The scope that was open where this one was opened: services of another container are looked up there. */
  readonly outer: ServiceScope | undefined

  constructor(container: object, outer?: ServiceScope) {
    super()
    this.container = container
    // A scope that is over is not held: work that keeps opening the next scope would hold them all.
    while (outer?.isClosed) outer = outer.outer
    this.outer = outer
  }

  protected override refusal(key: ServiceKey): ScopeClosedError {
    return new ScopeClosedError(key)
  }
}
