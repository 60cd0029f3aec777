/** @module Port: tells the time. Bound as `clock`, so that a test can put another one in its place. */

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
}

declare module '../../container/services.ts' {
  interface Services {
    clock: Clock
  }
}
