/** @module Builds the Fastify server of an application, with its routes. The only file that loads Fastify. */
import { randomUUID } from 'node:crypto'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import type { Application } from '../application/application.ts'
import { ClientErrors } from './client-errors.ts'
import { ErrorHandler } from './error-handler.ts'
import { explainMissing } from './explain-missing.ts'
import type { HttpConfig } from './http-config.ts'
import type { InFlight } from './in-flight.ts'
import { loadRoutes } from './load-routes.ts'
import { MalformedRequestError, ServerStoppingError } from './request-errors.ts'
import { RequestHandler } from './request-handler.ts'
import { RequestScopes } from './request-scopes.ts'
import type { Router } from './router.ts'

/** Gives the server something of Fastify's: a plugin, a hook, a content type. */
export type ConfigureServer = (server: FastifyInstance) => unknown

export async function buildServer(
  app: Application,
  inFlight: InFlight,
  configure: readonly ConfigureServer[],
): Promise<FastifyInstance> {
  const router = await loadRoutes(app)
  const scopes = new RequestScopes(app, inFlight)
  const errors = new ErrorHandler(scopes)
  const clientErrors = new ClientErrors(app.make('log'))
  const server = await createServer(app, errors, clientErrors)
  try {
    watch(server, inFlight, clientErrors)
    server.setErrorHandler((error, request, reply) => {
      void errors.handle(error, request, reply)
    })
    for (const addTo of configure) await addTo(server)
    addRoutes(server, router, new RequestHandler(app, scopes))
    server.setNotFoundHandler((request, reply) => {
      const mayHint = app.environment !== 'production'
      reply.send(explainMissing(router.routes, request.method, request.url, mayHint))
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
  errors: ErrorHandler,
  clientErrors: ClientErrors,
): Promise<FastifyInstance> {
  const { fastify, LogController } = await import('fastify')
  class Quiet extends LogController {
    override incomingRequest(): void {
      // No access log: it is for whoever wants one to add a hook.
    }
    override requestCompleted(): void {
      // The same.
    }
  }
  const config: HttpConfig = app.config.find('http') ?? {}
  const loggerInstance: FastifyBaseLogger = app.make('log')
  return fastify({
    loggerInstance,
    logController: new Quiet(),
    genReqId: () => randomUUID(),
    bodyLimit: config.bodyLimit ?? 1_048_576,
    requestTimeout: config.requestTimeout ?? 60_000,
    trustProxy: typeof config.trustProxy === 'object' ? [...config.trustProxy] : (config.trustProxy ?? false),
    // The onRequest hook below answers instead, in the form of every other error.
    return503OnClosing: false,
    // Node would answer a request without a host with nothing; the onRequest hook below says what is missing.
    http: { requireHostHeader: false },
    clientErrorHandler: (error, socket) => clientErrors.handle(error, socket),
    frameworkErrors: (error, request, reply) => {
      void errors.handle(error, request, reply)
    },
  })
}

/** Keeps count of open responses, and turns requests away that have no host, or when the server is stopping. */
function watch(server: FastifyInstance, inFlight: InFlight, clientErrors: ClientErrors): void {
  server.addHook('onRequest', ({ raw }, reply, done) => {
    clientErrors.watch(reply.raw)
    inFlight.enter(reply.raw, () => reply.raw.destroy())
    reply.raw.once('close', () => inFlight.leave(reply.raw))
    if (inFlight.isDraining) done(new ServerStoppingError())
    else if (raw.httpVersion === '1.1' && raw.headers.host === undefined) done(hostMissing())
    else done()
  })
  server.addHook('onSend', (_request, reply, _payload, done) => {
    // Without this a client keeps its connection, and the server waits for it.
    if (inFlight.isDraining) reply.header('connection', 'close')
    done()
  })
}

/** HEAD routes first: Fastify adds one for each GET that has none yet. */
function addRoutes(server: FastifyInstance, router: Router, handler: RequestHandler): void {
  router.close()
  const heads = router.routes.filter((route) => route.method === 'HEAD')
  const others = router.routes.filter((route) => route.method !== 'HEAD')
  for (const route of [...heads, ...others]) server.route(handler.optionsFor(route))
}

function hostMissing(): MalformedRequestError {
  return new MalformedRequestError('it has no host header.')
}
