/** @module Asks the guards of a route whether a request may pass, one after the other. */
import type { FastifyRequest } from 'fastify'
import type { Application } from '../../application/application.ts'
import type { Guard } from '../../application/ports/guard.ts'

export async function admit(
  guards: readonly Guard[],
  request: FastifyRequest,
  app: Application,
): Promise<void> {
  for (const guard of guards) await guard.admit(request, app)
}
