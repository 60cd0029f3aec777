/** @module Port: something that looks on when a kernel starts to serve. Bind it and tag it `start`. */

export interface StartWatch {
  /** Called before a kernel starts. What it throws stops the start. */
  beforeStart(): Promise<void>
  /** Called when a kernel has started. Nobody waits for what it begins, and it must not throw. */
  afterStart?(): void
}

declare module '../../container/services.ts' {
  interface Tags {
    start: StartWatch
  }
}
