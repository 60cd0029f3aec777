/** @module Says why a token opens nothing; the guard tells the client. */

export class BadToken extends Error {
  /** @param reason completes "The token …", and holds nothing of it */
  constructor(reason: string, cause?: unknown) {
    super(reason, { cause })
  }
}
