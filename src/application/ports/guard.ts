/** @module Port: decides whether a request may pass. It is a value, given to routes and to groups of routes. */
import type { Application } from '../application.ts'
import type { ClientRequest } from './client-request.ts'

export interface Guard {
  /** What it is called in lists of routes, and where OpenAPI names its scheme. */
  readonly name: string
  /** How clients show who they are: a security scheme object of OpenAPI 3.1. */
  readonly scheme?: Readonly<Record<string, unknown>>
  /** The guards of which one is enough; OpenAPI describes them as a choice. */
  readonly anyOf?: readonly Guard[]
  /** The statuses of the errors that it answers with, for OpenAPI; default: 401 and 403 where there is a scheme or a choice. */
  readonly answers?: readonly number[]
  /**
   * Lets the request pass, or throws the error that answers it. It runs in the scope of the request, before its body is
   * read. What an error has as `headers` is sent along.
   */
  admit(request: ClientRequest, app: Application): void | Promise<void>
}
