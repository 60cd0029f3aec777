/** @module An entry point of the application: it opens a scope per unit of work. */
import type { ServiceKey } from '../container/services.ts'

export interface Kernel {
  readonly name: string
  /** The services and classes its units of work ask for; asynchronous singletons among them are made before `start`. */
  readonly needs?: readonly ServiceKey[]
  /** How long it may take to stop when whoever stops it gives no deadline, in milliseconds; default: 10,000. */
  readonly stopTimeout?: number
  /** Begins to accept work. */
  start(): Promise<void>
  /** Stops accepting work and finishes what is in flight, at most until the deadline (in milliseconds since the epoch). */
  stop(deadline: number): Promise<void>
}
