/** @module The reference for browsers: Scalar, from this server alone. */
import { createHash } from 'node:crypto'
import path from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { Application } from '../../application/application.ts'
import { loadFeature } from '../../support/load-feature.ts'
import type { OpenApiConfig } from './openapi-config.ts'

export interface ReferenceFacts {
  readonly app: Application
  readonly openapi: OpenApiConfig
  readonly documentPath: string
}

/** What would ask other servers, or send them what somebody has written here. */
const ALONE = {
  withDefaultFonts: false,
  telemetry: false,
  agent: { disabled: true },
  mcp: { disabled: true },
  hideClientButton: true,
  showDeveloperTools: 'never',
} as const

export async function addReference(
  server: FastifyInstance,
  prefix: string,
  { app, openapi, documentPath }: ReferenceFacts,
): Promise<void> {
  const name = '@scalar/fastify-api-reference'
  const load = () => import('@scalar/fastify-api-reference')
  const { default: scalar } = await loadFeature(name, '"openapi" in config/http.ts', load)
  await server.register(async (page) => {
    redirectToSlash(page, prefix)
    protect(page, openapi.servers ?? [])
    await page.register(scalar, {
      // Its type asks for a slash at the beginning, which has been checked.
      routePrefix: prefix as `/${string}`,
      configuration: {
        ...ALONE,
        // From the page, so that it is found behind a proxy that puts something before the path.
        url: path.posix.relative(prefix, documentPath),
        pageTitle: openapi.title ?? app.config.find('app.name') ?? 'API',
      },
    })
  })
}

/** Scalar would name the whole path, which is another one behind a proxy. */
function redirectToSlash(page: FastifyInstance, prefix: string): void {
  const last = prefix.split('/').at(-1)
  page.addHook('onRequest', (request, reply, done) => {
    if (request.routeOptions.url === prefix && prefix !== '/') reply.redirect(`${last}/`, 302)
    else done()
  })
}

/** The browser itself refuses what the settings above may have missed; and what it has, it need not load again. */
function protect(page: FastifyInstance, servers: NonNullable<OpenApiConfig['servers']>): void {
  const origins = servers.flatMap(({ url }) => (URL.canParse(url) ? new URL(url).origin : []))
  page.addHook('onSend', (request, reply, payload, done) => {
    if (typeof payload !== 'string' || reply.statusCode !== 200) return done(null, payload)
    const etag = `"${hashOf(payload)}"`
    reply.header('etag', etag).header('cache-control', 'no-cache')
    if (String(reply.getHeader('content-type')).startsWith('text/html')) {
      reply.header('content-security-policy', policyOf(payload, origins))
    }
    if (request.headers['if-none-match'] !== etag) return done(null, payload)
    reply.code(304)
    done(null, '')
  })
}

function policyOf(html: string, origins: readonly string[]): string {
  const scripts = [...html.matchAll(/<script(?![^>]*src=)[^>]*>([\s\S]*?)<\/script>/g)]
  const hashes = scripts.map(([, code = '']) => `'sha256-${hashOf(code)}'`)
  return [
    `default-src 'self'`,
    `script-src 'self' ${hashes.join(' ')}`,
    `style-src 'self' 'unsafe-inline'`,
    `img-src 'self' data: blob:`,
    `font-src 'self' data:`,
    `connect-src ${["'self'", ...origins].join(' ')}`,
    `object-src 'none'`,
    `base-uri 'self'`,
    `form-action 'self'`,
    `frame-ancestors 'self'`,
  ].join('; ')
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64')
}
