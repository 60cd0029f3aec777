/** @module What the configuration says of the health routes. */

export interface HealthConfig {
  /** Where the process says that it lives, without asking anything; default: /health. */
  readonly live?: string
  /** Where it says whether it should be given work: all checks pass, and it is not stopping. Default: /ready. */
  readonly ready?: string
  /** How long one check may take before it counts as failing, in milliseconds; default: 5,000. */
  readonly timeout?: number
  /** How long the answer of the checks is used again, in milliseconds, so that probes cannot hammer the database; default: 1,000. */
  readonly cache?: number
}
