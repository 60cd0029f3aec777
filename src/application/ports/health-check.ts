/** @module Port: something whose health the application reports. Bind it and tag it `health`. */

export interface HealthCheck {
  /** What is checked, as it appears in the report. */
  readonly name: string
  /** Whether the application works without it: its failure is told, and takes no process out of rotation. Default false. */
  readonly isOptional?: boolean
  /** Resolves when it works, rejects with the reason when it does not. */
  check(): Promise<void>
}

declare module '../../container/services.ts' {
  interface Tags {
    health: HealthCheck
  }
}
