/** @module Gives the server its OpenAPI document, and the reference for browsers. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Application } from '../../application/application.ts'
import type { Guard } from '../../application/ports/guard.ts'
import type { HttpConfig } from '../http-config.ts'
import { admit } from '../requests/admission.ts'
import { RouteConflictError } from '../routing/errors.ts'
import type { RouteList } from '../routing/route-table.ts'
import { type ApiDescription, describeApi } from './api-description.ts'
import { OpenApiConfigError } from './errors.ts'
import type { OpenApiConfig } from './openapi-config.ts'
import { watchPluginRoutes } from './plugin-routes.ts'
import { addReference } from './reference.ts'

/** What each server says of itself. */
const descriptions = new WeakMap<FastifyInstance, ApiDescription>()

/** The description of a server that is ready; undefined when it is not configured. */
export function descriptionOf(server: FastifyInstance): ApiDescription | undefined {
  return descriptions.get(server)
}

interface Facts {
  readonly app: Application
  readonly config: HttpConfig
  readonly router: RouteList
}

/** @throws {OpenApiConfigError} @throws {RouteConflictError} @throws {ComponentConflictError} when the server gets ready */
export async function addOpenApi(server: FastifyInstance, { app, config, router }: Facts): Promise<void> {
  const { openapi } = config
  if (!openapi) return
  const { path = '/openapi.json', guards = [] } = openapi
  const reference = path === false ? false : withoutSlash(openapi.reference ?? '/docs')
  refuseTaken(router, [path, reference])
  const pluginRoutes = await watchPluginRoutes(server, router)
  let document = ''
  server.addHook('onReady', async () => {
    const description = await describeApi(app, openapi, router.routes, pluginRoutes())
    descriptions.set(server, description)
    document = JSON.stringify(description.document)
  })
  if (path === false) return
  await server.register(async (own) => {
    if (guards.length > 0) own.addHook('onRequest', guarding(app, guards))
    own.get(path, { schema: { hide: true } }, (_request, reply) =>
      reply.type('application/json; charset=utf-8').send(document),
    )
    if (reference !== false) await addReference(own, reference, { app, openapi, documentPath: path })
  })
}

/** These are no routes of the router, so they have no scope of a request; the guards get one for themselves. */
function guarding(app: Application, guards: readonly Guard[]) {
  return ({ method, routeOptions }: FastifyRequest, reply: FastifyReply) => {
    const label = `${method} ${routeOptions.url}`
    return app.scope(() => admit(guards, reply, app), { kind: 'request', label, origin: reply })
  }
}

function withoutSlash(reference: NonNullable<OpenApiConfig['reference']>): string | false {
  return reference === false ? false : reference.replace(/(?<=.)\/$/, '')
}

function refuseTaken(router: RouteList, paths: readonly (string | false)[]): void {
  for (const path of paths) {
    if (path === false) continue
    if (!path.startsWith('/')) {
      throw new OpenApiConfigError(`"${path}" is not a path.`, `Begin it with a slash: "/${path}".`)
    }
    const taken = router.routes.find((route) => route.method === 'GET' && route.path === path)
    if (taken) throw new RouteConflictError(`GET ${path}`, taken, 'openapi in config/http.ts')
  }
}
