/** @module The abilities that Fastify's official plugins give, each only when it is configured. */
import type { FastifyInstance } from 'fastify'
import type { Secrets } from '../../support/secrets.ts'
import type { HttpConfig } from '../http-config.ts'
import type { ServerFacts } from '../server/server-part.ts'
import { addCompression } from './compression.ts'
import { addCookies } from './cookies.ts'
import { addCors } from './cors.ts'
import { addCsrf } from './csrf.ts'
import { addHelmet } from './helmet.ts'
import { addSessions } from './sessions.ts'
import { addStaticFiles } from './static-files.ts'
import { addUploads } from './uploads.ts'

/** In the order in which they see a request. */
export async function addPlugins(server: FastifyInstance, facts: ServerFacts): Promise<void> {
  const { app, config } = facts
  const isProduction = app.environment === 'production'
  if (config.helmet) await addHelmet(server, optionsOf(config.helmet), isProduction)
  if (config.cors) await addCors(server, config.cors)
  if (config.cookies) await addCookies(server, optionsOf(config.cookies))
  if (config.sessions)
    await addSessions(server, optionsOf(config.sessions), { app, secrets: secretOf(config) })
  if (config.csrf) {
    const keep = config.sessions ? 'session' : 'cookie'
    await addCsrf(server, optionsOf(config.csrf), { keep, router: facts.router })
  }
  // Before all that have routes of their own, since it looks at each route as it is added.
  if (config.compression) await addCompression(server, optionsOf(config.compression))
  if (config.uploads) await addUploads(server, optionsOf(config.uploads))
  if (config.static) await addStaticFiles(server, [config.static].flat(), facts)
}

/** It is there: sessions without one have been refused with the configuration. */
function secretOf({ cookies }: HttpConfig): Secrets {
  return (typeof cookies === 'object' ? cookies.secret : undefined) ?? []
}

/** The options of an ability that `true` switches on as well. */
function optionsOf<T extends object>(option: true | T): T | Record<never, never> {
  return option === true ? {} : option
}
