/** @module Lets other servers answer what arrives at the one that listens. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { addsWebSockets, isWebSocket } from '../live/web-sockets.ts'

/** Gives every request to the server that answers at that moment. */
export function takeOver(listening: FastifyInstance, answering: () => FastifyInstance): void {
  const { server, routing } = listening
  const route = (request: IncomingMessage, reply: ServerResponse) => {
    const current = answering()
    return current === listening ? routing(request, reply) : current.routing(request, reply)
  }
  // What Node tells of a request first: Fastify puts itself there when it makes the server.
  const [first] = server.rawListeners('request')
  // The type of a listener of any event is wider than what can be taken away.
  if (first) server.off('request', first as typeof route)
  server.on('request', route)
  // Those who hand requests over themselves, such as WebSockets, go through this.
  Object.assign(listening, { routing: route })
}

/**
 * Takes WebSockets where the server that listens has no route for any.
 *
 * @param heard is told of each connection
 */
export function takeUpgrades(
  listening: FastifyInstance,
  answering: () => FastifyInstance,
  heard: (socket: Socket) => void,
): void {
  const { server } = listening
  const shouldUpgradeCallback = (request: IncomingMessage) =>
    isWebSocket(request) && addsWebSockets(answering())
  // What Node takes as an option when the server is made.
  Object.assign(server, { shouldUpgradeCallback })
  server.on('upgrade', (request, socket, head) => {
    heard(request.socket)
    answering().server.emit('upgrade', request, socket, head)
  })
}
