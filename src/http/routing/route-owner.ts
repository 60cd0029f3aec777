/** @module The module that routes belong to: it may go while requests for them are under way. */
import { InFlight } from '../server/in-flight.ts'

export class RouteOwner {
  readonly name: string
  /** What is open for its routes, whichever server answers. */
  readonly inFlight = new InFlight()
  #isGone = false

  constructor(name: string) {
    this.name = name
  }

  /** Whether its routes answer nobody any more, though a server may still have them. */
  get isGone(): boolean {
    return this.#isGone
  }

  /** Answers no more requests, and ends what would go on for ever. */
  leave(): void {
    this.#isGone = true
    this.inFlight.beginDrain()
  }
}
