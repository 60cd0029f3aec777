/** @module Brings HTTP to an application: the router and the server. */
import type { ClassSource } from '../application/ports/class-source.ts'
import { ServiceProvider } from '../application/service-provider.ts'
import { HttpKernel } from './http-kernel.ts'
import { loadRoutes } from './load-routes.ts'
import { Router } from './router.ts'

declare module '../container/services.ts' {
  interface Services {
    router: Router
    http: HttpKernel
    'http.controllers': ClassSource
  }
}

/**
 * Binds `router` and `http`. Fastify is loaded when the server starts, not before.
 *
 * @example
 * ```ts
 * import { defineApp } from 'limber'
 * import { HttpServiceProvider } from 'limber/http'
 *
 * export default defineApp({ name: 'library', providers: [HttpServiceProvider] })
 * ```
 */
export class HttpServiceProvider extends ServiceProvider {
  override register(): void {
    this.app.singleton('router', () => new Router())
    this.app.singleton('http', () => new HttpKernel(this.app), {
      // A kernel that could not listen, or only answered inject(), is not among those the application stops.
      dispose: (kernel) => kernel.stop(Date.now()),
    })
    this.app.singleton('http.controllers', () => ({
      name: 'controllers',
      classes: () => this.#controllers(),
    }))
    this.app.tag('classes', 'http.controllers')
  }

  async #controllers() {
    const { routes } = await loadRoutes(this.app)
    return [...new Set(routes.flatMap(({ controller }) => controller ?? []))]
  }
}
