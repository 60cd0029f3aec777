/** @module Whether a browser may open a WebSocket from the page it shows: it sends the cookies of this site from anywhere. */
import type { FastifyRequest } from 'fastify'
import { OriginRefusedError } from './errors.ts'
import type { SocketOptions } from './socket-options.ts'

/** @throws {OriginRefusedError} for another site than this one and those that are named */
export function refuseStrangers(request: FastifyRequest, origins: SocketOptions['origins'] = []): void {
  const { origin } = request.headers
  // Only browsers send it, and no page can make them leave it out.
  if (origin === undefined || origins === '*') return
  if (isOf(origin, request.host) || origins.includes(origin)) return
  throw new OriginRefusedError(origin)
}

/** Compared without the protocol: a proxy may have taken TLS away. */
function isOf(origin: string, host: string): boolean {
  const { protocol, host: named } = URL.parse(origin) ?? {}
  return named !== undefined && named !== '' && named === URL.parse(`${protocol}//${host}`)?.host
}
