/** @module Lets go of clients that do not read their reply; one that waits for a slow handler or a quiet stream is left alone. */
import type { FastifyInstance } from 'fastify'
import { DEFAULT_LIMITS } from './limits.ts'
import type { ServerFacts } from './server-part.ts'

export function dropStalledClients({ server }: FastifyInstance, { config }: ServerFacts): void {
  const { connectionTimeout = DEFAULT_LIMITS.connectionTimeout } = config
  if (connectionTimeout === 0) return
  // With a listener Node leaves it to us; without one it would end every connection on which nothing moves.
  server.on('timeout', (socket) => {
    if (socket.writableLength > 0) socket.destroy()
    else socket.setTimeout(connectionTimeout)
  })
}
