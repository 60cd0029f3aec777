/** @module Static files: folders whose files are sent as they are, under a path of their own. */
import { ReadStream } from 'node:fs'
import type { FastifyInstance } from 'fastify'
import type { Application } from '../../application/application.ts'
import type { Fault } from '../../errors/limber-error.ts'
import { loadFeature } from '../../support/load-feature.ts'
import { breakOffShort } from '../replies/break-off-short.ts'
import { RouteConflictError } from '../routing/errors.ts'
import type { RouteList } from '../routing/route-table.ts'
import { StaticRoot } from './static-root.ts'

/** A folder and where its files are found. Files and folders whose names begin with a dot are never sent. */
export interface StaticConfig {
  /** The folder: a path from the root of the application, or an absolute one. */
  readonly root: string
  /** What the paths of its files begin with; default: `/`. */
  readonly prefix?: string
  /** How long a browser may keep a file without asking, in seconds; default: 0, it asks each time. */
  readonly maxAge?: number
  /** Whether a file never changes under its name, as with a hash in it; it needs a `maxAge`. Default false. */
  readonly immutable?: boolean
  /** What is sent for a folder; default: `index.html`, and false sends nothing. */
  readonly index?: string | false
  /**
   * The file that answers where a browser asks for a page that is no file, such as `index.html` of a front end with a router
   * of its own. Default: none.
   */
  readonly fallback?: string
  /** Whether `app.js.br` and `app.js.gz`, where they exist, are sent for `app.js`; default false. */
  readonly precompressed?: boolean
}

export function faultsOfPrefix({ prefix = '/' }: StaticConfig): Fault[] {
  if (prefix.startsWith('/') && !/[:*?#]/.test(prefix)) return []
  const message = `"${prefix}" is no path that files could be under. Write one without parameters, such as "/assets".`
  return [{ path: 'static.prefix', message }]
}

/** @throws {InvalidHttpConfigError} @throws {RouteConflictError} @throws {PackageMissingError} */
export async function addStaticFiles(
  server: FastifyInstance,
  configs: readonly StaticConfig[],
  facts: { readonly app: Application; readonly router: RouteList },
): Promise<void> {
  const load = () => import('@fastify/static')
  const { default: plugin } = await loadFeature('@fastify/static', '"static" in config/http.ts', load)
  for (const config of configs) {
    const prefix = (config.prefix ?? '/').replace(/\/+$/, '')
    const isRouted = refuseConflict(`${prefix}/*`, config, facts.router)
    const root = await StaticRoot.open(config.root, prefix, facts.app.root)
    const { maxAge = 0, immutable = false, index = 'index.html', precompressed = false, fallback } = config
    // A room of its own: what it does with errors and pages holds for these files only.
    await server.register(async (room) => {
      room.setErrorHandler((error, request, reply) => reply.send(root.explain(error, request)))
      room.addHook('onSend', (_request, reply, payload, done) => {
        const sizeOf = () => Number(reply.raw.getHeader('content-length') ?? 0)
        if (payload instanceof ReadStream) payload.once('end', () => breakOffShort(reply, payload, sizeOf()))
        done()
      })
      if (fallback !== undefined) {
        room.addHook('onRequest', (request) => root.fallBack(request, fallback, index))
      }
      await room.register(plugin, {
        root: root.folder,
        // With a slash at its end, the folder itself is left to the route of the application.
        prefix: isRouted || prefix === '' ? `${prefix}/` : prefix,
        decorateReply: false,
        dotfiles: 'ignore',
        redirect: true,
        onFile: (file) => root.refuseOutside(file),
        maxAge: maxAge * 1000,
        immutable,
        index,
        preCompressed: precompressed,
      })
    })
  }
}

/**
 * Any other route of the application comes before the files, since it says more of the path than a star does.
 *
 * @returns whether the application answers the prefix itself
 */
function refuseConflict(pattern: string, { root }: StaticConfig, router: RouteList): boolean {
  for (const route of router.routes) {
    if (route.path !== pattern || !['GET', 'HEAD'].includes(route.method)) continue
    throw new RouteConflictError(`GET ${pattern}`, route, `the static files of "${root}"`)
  }
  const paths = router.routes
    .filter(({ method }) => method === 'GET' || method === 'HEAD')
    .map(({ path }) => path)
  return paths.includes(pattern.slice(0, -2))
}
