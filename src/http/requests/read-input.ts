/** @module The params, the query, the headers and the body of a request, checked together, so that the client learns of all faults. */
import type { FastifyRequest } from 'fastify'
import type { Fault } from '../../errors/limber-error.ts'
import { RequestInvalidError } from '../problems/request-errors.ts'
import type { RouteOptions } from '../routing/route-options.ts'
import { validate } from '../schemas/validate.ts'

const PARTS = ['params', 'query', 'headers', 'body'] as const

export type Input = Record<(typeof PARTS)[number], unknown>

/** @throws {RequestInvalidError} with every fault */
export async function readInput(options: RouteOptions, request: FastifyRequest): Promise<Input> {
  const input: Input = {
    params: request.params,
    query: request.query,
    headers: request.headers,
    body: request.body,
  }
  const faults: Fault[] = []
  for (const part of PARTS) {
    const schema = options[part]
    if (schema) input[part] = await validate(part, schema, input[part], faults)
  }
  if (faults.length > 0) throw new RequestInvalidError(faults)
  return input
}
