/** @module One ability of the server, and what it is built from. */
import type { FastifyInstance } from 'fastify'
import type { Application } from '../../application/application.ts'
import type { HttpConfig } from '../http-config.ts'
import type { RequestScopes } from '../requests/request-scopes.ts'
import type { RouteList } from '../routing/route-table.ts'

/** What a part of the server is built from. */
export interface ServerFacts {
  readonly app: Application
  readonly config: HttpConfig
  readonly router: RouteList
  readonly scopes: RequestScopes
}

/** Adds one ability to the server, before the routes. It looks into the configuration whether it is wanted. */
export type ServerPart = (server: FastifyInstance, facts: ServerFacts) => void | Promise<void>
