/** @module The params, the query and the body of a request, checked together, so that the client learns of all faults. */
import type { FastifyRequest } from 'fastify'
import type { Fault } from '../errors/limber-error.ts'
import type { RouteSchemas } from './http-context.ts'
import { RequestInvalidError } from './request-errors.ts'
import { validate } from './validate.ts'

const PARTS = ['params', 'query', 'body'] as const

export type Input = Record<(typeof PARTS)[number], unknown>

/** @throws {RequestInvalidError} with every fault */
export async function readInput(schemas: RouteSchemas, request: FastifyRequest): Promise<Input> {
  const input: Input = { params: request.params, query: request.query, body: request.body }
  const faults: Fault[] = []
  for (const part of PARTS) {
    const schema = schemas[part]
    if (schema) input[part] = await validate(part, schema, input[part], faults)
  }
  if (faults.length > 0) throw new RequestInvalidError(faults)
  return input
}
