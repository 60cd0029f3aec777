/** @module What @fastify/swagger says of the routes that plugins bring: the router knows nothing of them. */
import type { FastifyInstance, RouteOptions } from 'fastify'
import { loadFeature } from '../../support/load-feature.ts'
import type { RouteList } from '../routing/route-table.ts'
import type { Foreign } from './describe-routes.ts'

const DECORATOR = 'openApiOfPlugins'
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'])

/** Watches for routes from now on, and gives what says of them what it can, once the server is ready. */
export async function watchPluginRoutes(server: FastifyInstance, router: RouteList): Promise<() => Foreign> {
  const load = () => import('@fastify/swagger')
  const { default: swagger } = await loadFeature('@fastify/swagger', '"openapi" in config/http.ts', load)
  await server.register(swagger, {
    openapi: { openapi: '3.1.0' },
    decorator: DECORATOR,
    convertConstToEnum: false,
    stripBasePath: false,
    transform: ({ schema, url, route }) => {
      // It leads to schemes that the plugin does not bring along, and that the document does not have.
      const { security, ...rest } = { ...schema }
      return { schema: isWanted(route, router) ? rest : { hide: true }, url }
    },
  })
  return () => {
    // With `openapi` among its options, this is what it gives.
    const { paths, components } = server.getDecorator<() => Described>(DECORATOR)()
    return { paths, schemas: components.schemas }
  }
}

interface Described {
  readonly paths: Foreign['paths']
  readonly components: { readonly schemas: Foreign['schemas'] }
}

/** Those of the router are described by their own schemas, and what is no HTTP has no place in the document. */
function isWanted(route: RouteOptions, router: RouteList): boolean {
  const methods = [route.method].flat()
  const isOurs = router.routes.some(({ method, path }) => path === route.url && methods.includes(method))
  return !isOurs && !Reflect.get(route, 'websocket') && methods.every((method) => METHODS.has(method))
}
