/** @module The base of every error Limber throws, and the words it uses to classify them. */

/** What went wrong, in words that belong to no transport: HTTP maps them to a status, the console to an exit code. */
export type ErrorKind =
  | 'malformed'
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'too-large'
  | 'unsupported'
  | 'too-many'
  | 'unavailable'
  | 'timeout'
  | 'internal'

/** One fault among several, with the place it was found in (`body.title`, `.env:3`). */
export interface Fault {
  readonly path: string
  readonly message: string
}

export interface ErrorFacts {
  /** The next action, as one imperative sentence. */
  readonly hint?: string | undefined
  /** What clients are told outside of development, where the message and the hint are for developers. */
  readonly publicMessage?: string | undefined
  /** What HTTP sends along with the reply, such as `retry-after`; other transports leave it out. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Where it happened: services from the outermost to the one that failed. */
  readonly path?: readonly string[] | undefined
  /** Single faults, where one error reports several. */
  readonly faults?: readonly Fault[] | undefined
  readonly cause?: unknown
}

/**
 * Carries a stable code, a kind, the next step and the place of a failure.
 *
 * @example
 * ```ts
 * import { LimberError } from 'limber'
 *
 * class ShelfFullError extends LimberError {
 *   readonly code = 'APP_SHELF_FULL'
 *   readonly kind = 'conflict'
 *   constructor(shelf: string) {
 *     super(`Shelf "${shelf}" is full.`, { hint: 'Remove a book from it first.' })
 *   }
 * }
 * ```
 */
export abstract class LimberError extends Error {
  abstract readonly code: string
  abstract readonly kind: ErrorKind
  readonly hint: string | undefined
  /** Declared only, so that printed errors without it do not show it. */
  declare readonly publicMessage?: string
  declare readonly headers?: Readonly<Record<string, string>>
  readonly path: readonly string[]
  readonly faults: readonly Fault[]

  constructor(message: string, facts: ErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause })
    this.hint = facts.hint
    if (facts.publicMessage !== undefined) this.publicMessage = facts.publicMessage
    if (facts.headers !== undefined) this.headers = facts.headers
    this.path = facts.path ?? []
    this.faults = facts.faults ?? []
  }

  override get name(): string {
    return this.constructor.name
  }

  /** The row of `docs/errors.md` that explains this code. */
  get help(): string {
    return `docs/errors.md#${this.code.toLowerCase()}`
  }
}
