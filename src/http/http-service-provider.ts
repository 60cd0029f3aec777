/** @module Brings HTTP to an application: the router and the server. */
import type { ClassSource } from '../application/ports/class-source.ts'
import type { ModulePart } from '../application/ports/module-part.ts'
import type { ProcessMemory } from '../application/ports/process-memory.ts'
import { ServiceProvider } from '../application/service-provider.ts'
import { HttpKernel } from './http-kernel.ts'
import { RoutesPart } from './modules/routes-part.ts'
import { sessionMemory } from './plugins/session-memory.ts'
import { currentRequest } from './requests/open-request.ts'
import { loadRoutes } from './routing/load-routes.ts'
import { Router } from './routing/router.ts'

declare module '../container/services.ts' {
  interface Services {
    router: Router
    http: HttpKernel
    'http.controllers': ClassSource
    /** The routes of modules. */
    'http.modules': ModulePart
    /** Bound when sessions are kept in the memory of the process. */
    'http.sessions': ProcessMemory
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
    this.app.scoped('http.request', () => currentRequest(this.app))
    this.app.singleton('http.controllers', () => ({
      name: 'controllers',
      classes: () => this.#controllers(),
    }))
    this.app.tag('classes', 'http.controllers')
    this.app.singleton('http.modules', () => new RoutesPart(this.app))
    this.app.tag('module part', 'http.modules')
    const memory = sessionMemory(this.app.config.find('http'))
    if (memory) {
      this.app.instance('http.sessions', memory)
      this.app.tag('process memory', 'http.sessions')
    }
  }

  async #controllers() {
    const { routes } = await loadRoutes(this.app)
    const controllers = await Promise.all(routes.map((route) => route.controller()))
    return [...new Set(controllers.filter((controller) => controller !== undefined))]
  }
}
