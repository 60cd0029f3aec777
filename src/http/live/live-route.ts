/** @module A route whose connection stays open: events and WebSockets. Each message on it has a scope of its own. */
import type { Application } from '../../application/application.ts'
import type { HttpContext } from '../requests/http-context.ts'
import { Route } from '../routing/route.ts'
import type { MessageScopes } from './message-scopes.ts'

/** What a live route needs besides the request. */
export interface LiveFacts {
  readonly app: Application
  readonly messages: MessageScopes
}

export abstract class LiveRoute extends Route {
  /** Begins the connection, in the scope of its request; the result takes the place of what a handler returns. */
  abstract begin(context: HttpContext, live: LiveFacts): unknown
}
