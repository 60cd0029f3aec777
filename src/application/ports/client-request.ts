/** @module Port: the request that a client has sent, for guards and for what serves them. Bound as `http.request` in its scope. */
import type { ClientSession } from './client-session.ts'
import type { CurrentUser } from './current-user.ts'

/** What is known of a request before its body is read. */
export interface ClientRequest {
  readonly id: string
  readonly method: string
  /** The path and the query, as they were sent. */
  readonly url: string
  /** The route that answers it: `GET /books/:id`. */
  readonly route: string
  /** The address of the client; that of a proxy, unless the configuration trusts it; `unknown` when it has hung up. */
  readonly ip: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** Undefined where sessions are not configured. */
  readonly session: ClientSession | undefined
  /** Who sent it, as soon as a guard knows. */
  user: CurrentUser | undefined
  /** Gives the reply a header, whatever becomes of the request. It does nothing once the reply has begun. */
  replyHeader(name: string, value: string): void
}

declare module '../../container/services.ts' {
  interface Services {
    /** The request that this scope answers, or that opened the connection of this message; undefined in other scopes. */
    'http.request': ClientRequest | undefined
  }
}
