/** @module Says of an open request what it is, for the list of what a stop had to cut. */

import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Log } from '../../application/log.ts'
import { pathOf } from '../routing/path.ts'
import type { OpenThings, OpenWork, StillOpen } from './in-flight.ts'

export function openWork(kind: OpenWork['kind'], request: FastifyRequest): OpenWork {
  const route = request.routeOptions.url ?? pathOf(request.url)
  return { kind, method: request.method, route, requestId: request.id }
}

/** Notes a reply until it has ended. */
export function noteReply(open: OpenThings, request: FastifyRequest, { raw }: FastifyReply): void {
  open.enter(
    raw,
    () => raw.destroy(),
    () => openWork(raw.headersSent ? 'stream' : 'reply', request),
  )
  raw.once('close', () => open.leave(raw))
}

/** Names everything that is open at the deadline; a request stands there as its reply and as its unit of work. */
export function tellCut(log: Log, open: readonly StillOpen[]): void {
  const requests = new Set(open.map(({ requestId }) => requestId)).size
  const subject = requests === 1 ? '1 request was' : `${requests} requests were`
  log.warn({ open }, `${subject} not finished in the time to stop, and ${requests === 1 ? 'is' : 'are'} cut.`)
}
