/** @module Port: takes what another service posts. Bind it and tag it `webhook`. */

export type WebhookHeaders = Readonly<Record<string, string | readonly string[] | undefined>>

export interface Webhook {
  /** `/bot/updates` */
  readonly path: string
  /** The largest body, in bytes: a larger one is refused without being read. */
  readonly bodyLimit: number
  /**
   * Decides by the headers whether the body is read at all.
   *
   * @throws an error of the kind `unauthenticated` or `forbidden`
   */
  admit(headers: WebhookHeaders): void
  /**
   * Takes the body of a POST, as it was sent. It runs outside of any unit of work; the reply is an empty 200 when it resolves.
   *
   * @throws an error of the kind `malformed` for what cannot be read, `unavailable` for what should be posted again
   */
  take(body: string): Promise<void>
}

declare module '../../container/services.ts' {
  interface Tags {
    webhook: Webhook
  }
}
