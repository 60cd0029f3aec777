import { env } from 'limber'
import { defineHttp } from 'limber/http'

/** Every option stands in docs/http.md, at the end, with its default and the section that explains it. */
export default defineHttp({
  host: env.string('HOST', '127.0.0.1'),
  port: env.port('PORT', 3000),

  // One line for each reply, in the log.
  accessLog: env.boolean('ACCESS_LOG', false),

  // How long a stop goes on serving, in milliseconds, so that load balancers see it first; on Kubernetes 10,000.
  drainDelay: env.integer('DRAIN_DELAY', 0),

  // The OpenAPI document at /openapi.json, and the reference for browsers at /docs.
  openapi: {},
})
