/** @module What is known of a request before its input is checked. */

import type { FastifyRequest } from 'fastify'
import type { Application } from '../../application/application.ts'
import type { CurrentUser } from '../../application/ports/current-user.ts'
import type { HttpResponse } from '../replies/http-response.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sent it, as soon as a guard knows; undefined on routes without one. */
    user: CurrentUser | undefined
  }
}

export interface RequestFacts {
  /** Fastify's request: the client's address, the raw input. */
  readonly request: FastifyRequest
  readonly response: HttpResponse
  /** For handlers that are plain functions; a controller has its services injected. */
  readonly app: Application
}
