/** @module How often somebody may try to log in. */
import type { RateLimit } from '../../application/ports/rate-limiter.ts'

/** Of each login from each address; what succeeded does not count. */
export interface LoginLimits extends RateLimit {
  /** Of each address, whatever the login; default: ten times as many in the same time. */
  readonly address?: RateLimit
}

/** In letters; no user is looked for by a longer one. */
export const LONGEST_LOGIN = 1_000

export const DEFAULT_LIMITS: LoginLimits = { max: 5, window: 60_000 }

export function limitOfAddress({ max, window, address }: LoginLimits): RateLimit {
  return address ?? { max: max * 10, window }
}
