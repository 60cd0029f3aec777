/** @module Adds WebSockets to the server, if a route wants them: @fastify/websocket is loaded for nobody else. */
import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Application } from '../../application/application.ts'
import { loadFeature } from '../../support/load-feature.ts'
import { RouteNotFoundError } from '../problems/request-errors.ts'
import type { RouteList } from '../routing/route-table.ts'
import { MAX_PAYLOAD } from './socket-connection.ts'
import { SocketRoute } from './socket-route.ts'

interface Facts {
  readonly app: Application
  readonly router: RouteList
}

/** @throws {PackageMissingError} when a route wants WebSockets and the package is not installed */
export async function addWebSockets(server: FastifyInstance, { app, router }: Facts): Promise<void> {
  const routes = router.routes.filter((route) => route instanceof SocketRoute)
  if (routes.length === 0) return
  const load = () => import('@fastify/websocket')
  const { default: plugin } = await loadFeature('@fastify/websocket', 'A route of a WebSocket', load)
  const log = app.make('log')
  await server.register(plugin, {
    // The largest of all routes; each looks at its own.
    options: { maxPayload: Math.max(...routes.map(({ options }) => options.maxPayload ?? MAX_PAYLOAD)) },
    // A client that is gone, or that breaks the protocol: the connection ends by itself, with the right code.
    errorHandler: (err, _socket, request) => log.debug({ err, requestId: request.id }, err.message),
    // Connections end when their messages are finished. Those that come now are turned away like all requests.
    preClose: (done) => done(),
  })
  upgradeWebSocketsOnly(server)
  const paths = new Set(routes.map(({ path }) => path))
  server.addHook('onRequest', (request, _reply, done) => {
    done(isStray(request, paths) ? new RouteNotFoundError('WebSocket', request.url) : undefined)
  })
  server.addHook('onSend', (request, reply, _payload, done) => {
    // The plugin ends the connection with the reply: without this a client would ask again on it.
    if (request.ws) reply.header('connection', 'close')
    done()
  })
}

/** Programs ask for other protocols as well, such as h2c, and are content with a reply of this one. */
function upgradeWebSocketsOnly({ server }: FastifyInstance): void {
  // What Node takes as an option when the server is made, before anybody knows the routes.
  Object.assign(server, { shouldUpgradeCallback: isWebSocket })
}

export function isWebSocket({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket'
}

/** Whether a route of a server wants WebSockets. */
export function addsWebSockets(server: FastifyInstance): boolean {
  return server.hasDecorator('websocketServer')
}

/** Whether a client wants a WebSocket of a route that is none. */
function isStray(request: FastifyRequest, paths: ReadonlySet<string>): boolean {
  const { url } = request.routeOptions
  return request.ws && url !== undefined && !paths.has(url)
}
