/** @module The access log: one line for each reply that ended, whether it was finished or broken off. */
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Log } from '../../application/log.ts'
import type { ServerFacts } from '../server/server-part.ts'
import { healthPaths } from './health-routes.ts'
import { factsOf } from './request-log.ts'

/** What has gone out on each connection, whichever server of the application sent it. */
const counted = new WeakMap<Socket, number>()

export function accessLog(server: FastifyInstance, { app, config, scopes }: ServerFacts): void {
  if (!config.accessLog) return
  const options = config.accessLog === true ? {} : config.accessLog
  const skipped = new Set([...(options.skip ?? []), ...(options.health ? [] : healthPaths(config))])
  const log: Log = app.make('log')
  const opened = webSocketsOf(server)

  server.addHook('onRequest', (request, reply, done) => {
    const { routeOptions } = request
    const isSkipped = routeOptions.url !== undefined && skipped.has(routeOptions.url)
    const { socket } = request.raw
    const since = performance.now()
    reply.raw.once('close', () => {
      // Also where nobody reads it: the next reply on this connection is counted from here.
      const bytes = bytesSince(socket)
      if (isSkipped) return
      const line = {
        ...factsOf(request),
        ...scopes.find(request)?.scope.facts,
        ...describe(request, reply, opened.has(request.raw)),
        duration: Math.round((performance.now() - since) * 10) / 10,
        bytes,
        ...(options.userAgent && { userAgent: request.headers['user-agent'] }),
      }
      log[levelOf(reply.statusCode)](line, `${line.method} ${line.path} ${line.status ?? 'aborted'}`)
    })
    done()
  })
}

/** Where secrets stand in URLs: the query, the fragment, and what a URL with a host has before its path. */
const NOT_THE_PATH = /[?#].*|^[a-z][a-z\d+.-]*:\/\/[^/?#]*/gis

function describe(request: FastifyRequest, { raw }: FastifyReply, isWebSocket: boolean) {
  return {
    method: request.method,
    path: request.url.replace(NOT_THE_PATH, ''),
    route: request.routeOptions.url,
    status: statusOf(raw, isWebSocket),
    client: request.ip,
    ...(!isWebSocket && !raw.writableFinished && { aborted: true }),
  }
}

function statusOf(
  { headersSent, statusCode }: FastifyReply['raw'],
  isWebSocket: boolean,
): number | undefined {
  if (isWebSocket) return 101
  return headersSent ? statusCode : undefined
}

/** The requests that became WebSockets: the reply of such a one is written past everything that knows its status. */
function webSocketsOf(server: FastifyInstance): WeakSet<IncomingMessage> {
  const opened = new WeakSet<IncomingMessage>()
  server.addHook('onReady', (done) => {
    // Only where a route wants WebSockets is there anybody who accepts them.
    if (server.hasDecorator('websocketServer')) {
      server.websocketServer.on(
        'connection',
        (_socket: unknown, request: IncomingMessage) => void opened.add(request),
      )
    }
    done()
  })
  return opened
}

/** What has gone out since the last reply on the same connection, headers included. */
function bytesSince(socket: Socket): number {
  const written = socket.bytesWritten ?? 0
  const bytes = written - (counted.get(socket) ?? 0)
  counted.set(socket, written)
  return bytes
}

function levelOf(status: number): 'info' | 'warn' | 'error' {
  if (status >= 500) return 'error'
  return status >= 400 ? 'warn' : 'info'
}
