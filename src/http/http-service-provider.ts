/** @module Brings HTTP to an application: the router and the server. */
import { ServiceProvider } from '../application/service-provider.ts'
import { HttpKernel } from './http-kernel.ts'
import { Router } from './router.ts'

declare module '../container/services.ts' {
  interface Services {
    router: Router
    http: HttpKernel
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
  }
}
