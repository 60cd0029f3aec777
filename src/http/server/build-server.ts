/** @module Builds the Fastify server of an application, with its routes. The only file that loads Fastify. */
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import type { Application } from '../../application/application.ts'
import type { HttpConfig } from '../http-config.ts'
import { addWebSockets } from '../live/web-sockets.ts'
import { addOpenApi } from '../openapi/add-openapi.ts'
import { accessLog } from '../operations/access-log.ts'
import { REQUEST_ID_HEADER, requestIds } from '../operations/request-id.ts'
import { addPlugins } from '../plugins/add-plugins.ts'
import { ClientErrors } from '../problems/client-errors.ts'
import { ErrorHandler } from '../problems/error-handler.ts'
import { ErrorRenderer } from '../problems/error-renderer.ts'
import { isOpenTo } from '../problems/problem.ts'
import { ServerStoppingError } from '../problems/request-errors.ts'
import { faultOf } from '../problems/request-faults.ts'
import { RequestHandler } from '../requests/request-handler.ts'
import { RequestScopes } from '../requests/request-scopes.ts'
import { explainMissing } from '../routing/explain-missing.ts'
import type { RouteList } from '../routing/route-table.ts'
import { WebhookRoute } from '../webhooks/webhook-route.ts'
import { addWebhooks } from '../webhooks/webhooks.ts'
import { listOf } from './check-config.ts'
import type { InFlight } from './in-flight.ts'
import { limitOptions } from './limits.ts'
import { noteReply } from './open-work.ts'
import { RouteWork } from './route-work.ts'
import type { ServerPart } from './server-part.ts'
import { dropStalledClients } from './stalled-clients.ts'
import { readTextBodies } from './text-bodies.ts'

/** In this order: what comes first sees requests first. */
const parts: readonly ServerPart[] = [
  accessLog,
  dropStalledClients,
  addWebhooks,
  addPlugins,
  readTextBodies,
  addOpenApi,
  addWebSockets,
]

/** Gives the server something of Fastify's: a plugin, a hook, a content type. */
export type ConfigureServer = (server: FastifyInstance) => unknown

export interface ServerPlan {
  readonly router: RouteList
  readonly inFlight: InFlight
  readonly configure: readonly ConfigureServer[]
}

export async function buildServer(app: Application, plan: ServerPlan): Promise<FastifyInstance> {
  const { router, inFlight, configure } = plan
  const config: HttpConfig = app.config.find('http') ?? {}
  const work = new RouteWork(inFlight)
  const scopes = new RequestScopes(app, work)
  const renderer = new ErrorRenderer(app)
  const errors = new ErrorHandler(scopes, renderer)
  const clientErrors = new ClientErrors(app.make('log'), renderer)
  const server = await createServer(app, config, errors, clientErrors)
  try {
    watch(server, inFlight, clientErrors)
    server.decorateRequest('user', undefined)
    server.setErrorHandler((error, request, reply) => {
      void errors.handle(error, request, reply)
    })
    for (const add of parts) await add(server, { app, config, router, scopes })
    for (const addTo of configure) await addTo(server)
    addRoutes(server, router, new RequestHandler(app, scopes, work))
    server.setNotFoundHandler((request, reply) => {
      reply.send(explainMissing(router.routes, request.method, request.url, isOpenTo(app)))
    })
    await server.ready()
    return server
  } catch (error) {
    await server.close()
    throw error
  }
}

async function createServer(
  app: Application,
  config: HttpConfig,
  errors: ErrorHandler,
  clientErrors: ClientErrors,
): Promise<FastifyInstance> {
  const { fastify, LogController } = await import('fastify')
  class Quiet extends LogController {
    override incomingRequest(): void {
      // The access log is ours: one line, when the reply has ended.
    }
    override requestCompleted(): void {
      // The same.
    }
  }
  const log: FastifyBaseLogger = app.make('log')
  return fastify({
    ...limitOptions(config),
    // Its own, since its level changes while it begins to listen.
    loggerInstance: log.child({}),
    // One log for all requests: what is logged in the scope of a request names it by itself.
    childLoggerFactory: () => log,
    logController: new Quiet(),
    genReqId: requestIds(config.requestIdHeader),
    trustProxy: trusted(config.trustProxy),
    // The onRequest hook below answers instead, in the form of every other error.
    return503OnClosing: false,
    clientErrorHandler: (error, socket) => clientErrors.handle(error, socket),
    frameworkErrors: (error, request, reply) => {
      void errors.handle(error, request, reply)
    },
  })
}

/** A count of proxies becomes a function, since Fastify's own reading of it is untyped. */
function trusted(proxies: HttpConfig['trustProxy'] = false) {
  if (typeof proxies === 'number') return (_address: string, hop: number) => hop < proxies
  return typeof proxies === 'boolean' ? proxies : listOf(proxies)
}

/** Keeps count of open responses, and turns requests away that are faulty, or when the server is stopping. */
function watch(server: FastifyInstance, inFlight: InFlight, clientErrors: ClientErrors): void {
  server.addHook('onRequest', (request, reply, done) => {
    reply.header(REQUEST_ID_HEADER, request.id)
    clientErrors.watch(reply.raw)
    noteReply(inFlight, request, reply)
    done(inFlight.isDraining ? new ServerStoppingError() : faultOf(request.raw))
  })
  // Node would answer with an empty 417.
  server.server.on('checkExpectation', (raw, reply) => server.routing(raw, reply))
  server.addHook('onSend', (_request, reply, _payload, done) => {
    // Without this a client keeps its connection, and the server waits for it.
    if (inFlight.isLeaving) reply.header('connection', 'close')
    done()
  })
}

/** HEAD routes first: Fastify adds one for each GET that has none yet. Webhooks have been added before the plugins. */
function addRoutes(server: FastifyInstance, router: RouteList, handler: RequestHandler): void {
  router.close()
  const routes = router.routes.filter((route) => !(route instanceof WebhookRoute))
  const heads = routes.filter((route) => route.method === 'HEAD')
  const others = routes.filter((route) => route.method !== 'HEAD')
  for (const route of [...heads, ...others]) server.route(handler.optionsFor(route))
}
