/** @module Asks the guards of a route whether a request may pass, one after the other. */
import type { FastifyReply } from 'fastify'
import type { Application } from '../../application/application.ts'
import type { Guard } from '../../application/ports/guard.ts'
import { OpenRequest } from './open-request.ts'

export async function admit(guards: readonly Guard[], reply: FastifyReply, app: Application): Promise<void> {
  const request = new OpenRequest(reply)
  for (const guard of guards) await guard.admit(request, app)
}
