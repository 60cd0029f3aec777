/** @module Answers what other services post: past guards, sessions and units of work, which are for clients. */
import type { FastifyInstance } from 'fastify'
import type { ServerFacts } from '../server/server-part.ts'
import { textOf } from '../server/text-bodies.ts'
import { RefusedPosts } from './refused-posts.ts'
import { WebhookRoute } from './webhook-route.ts'

/** What plugins look for; no other service has a session here, and its text may be named as it likes. */
const NOT_READ = ['content-type', 'cookie', 'origin']

/** Comes before the plugins, so that whoever is not admitted does not get as far. */
export async function addWebhooks(server: FastifyInstance, { app, router }: ServerFacts): Promise<void> {
  for (const route of router.routes) {
    if (!(route instanceof WebhookRoute)) continue
    const refused = new RefusedPosts(route.path, app.make('log'), app.make('clock'))
    await server.register(async (room) => {
      room.setErrorHandler((error) => {
        refused.note(error)
        // On to the handler of all.
        throw error
      })
      addRoute(room, route)
    })
  }
}

/** @param room has no other route */
function addRoute(room: FastifyInstance, { method, path, webhook }: WebhookRoute): void {
  room.addHook('onRequest', ({ raw: { headers } }, _reply, done) => {
    webhook.admit(headers)
    for (const name of NOT_READ) Reflect.deleteProperty(headers, name)
    done()
  })
  room.removeAllContentTypeParsers()
  room.addContentTypeParser<Buffer>('*', { parseAs: 'buffer' }, (request, bytes, done) => {
    const text = textOf(request, bytes, false)
    if (text instanceof Error) done(text)
    else done(null, text)
  })
  room.route<{ Body: string | undefined }>({
    method,
    url: path,
    bodyLimit: webhook.bodyLimit,
    handler: async ({ body = '' }, reply) => {
      await webhook.take(body)
      return reply.code(200).send()
    },
  })
}
