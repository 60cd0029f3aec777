/** @module What the log says of a request. */
import type { FastifyRequest } from 'fastify'
import type { Facts } from '../../application/described-scope.ts'
import { traceIdOf } from './trace-id.ts'

/** What identifies a request in every line of the log. */
export function factsOf({ id, headers }: FastifyRequest): Facts {
  const { traceparent } = headers
  const traceId = typeof traceparent === 'string' ? traceIdOf(traceparent) : undefined
  return traceId === undefined ? { requestId: id } : { requestId: id, traceId }
}
