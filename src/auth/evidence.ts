/** @module How a user was known. */
import type { TokenClaims } from './tokens/tokens.ts'

export interface Evidence {
  /** The guard: `basic`, `apiKey`, `bearer`, `session`. */
  readonly guard: string
  /** What an API key is good for. */
  readonly abilities?: readonly string[]
  /** What a token says. */
  readonly claims?: TokenClaims
}
