/** @module Port: decides whether a request may pass. It is a value, given to routes and to groups of routes. */
import type { Application } from '../application.ts'

/** What a guard sees of a request: the body has not been read yet. */
export interface GuardedRequest {
  readonly id: string
  readonly method: string
  /** The path and the query, as they were sent. */
  readonly url: string
  /** The address of the client; that of a proxy, unless the configuration trusts it. */
  readonly ip: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
}

export interface Guard {
  /** What it is called in lists of routes, and where OpenAPI names its scheme. */
  readonly name: string
  /** How clients show who they are: a security scheme object of OpenAPI 3.1. */
  readonly scheme?: Readonly<Record<string, unknown>>
  /** Lets the request pass, or throws the error that answers it. It runs in the scope of the request. */
  admit(request: GuardedRequest, app: Application): void | Promise<void>
}
