/** @module A route with all that can be found out before its first request. */
import { Readable } from 'node:stream'
import type { Application } from '../../application/application.ts'
import { LiveRoute } from '../live/live-route.ts'
import type { MessageScopes } from '../live/message-scopes.ts'
import { healthPaths } from '../operations/health-routes.ts'
import type { Route } from '../routing/route.ts'
import { type BindModels, modelsOf } from './bind-models.ts'
import type { HttpContext } from './http-context.ts'
import type { MiddlewareClass } from './middleware.ts'
import { throughMiddleware } from './middleware-stack.ts'
import { readInput } from './read-input.ts'
import type { RequestFacts } from './request-facts.ts'

export class PreparedRoute {
  readonly route: Route
  readonly #app: Application
  readonly #messages: MessageScopes
  readonly #middleware: readonly MiddlewareClass[]
  readonly #bindModels: BindModels | undefined

  /** @throws {InvalidRouteError} when nobody can find the models it binds */
  constructor(route: Route, app: Application, messages: MessageScopes) {
    this.route = route
    this.#app = app
    this.#messages = messages
    const config = app.config.find('http') ?? {}
    // Probes know no tenant and no user, which is what middleware of the configuration is about.
    const around = healthPaths(config).includes(route.path) ? [] : (config.middleware ?? [])
    this.#middleware = [...around, ...(route.options.middleware ?? [])]
    this.#bindModels = modelsOf(route, app)
  }

  /** Runs the middleware, and the handler with its input, in the scope that is open. */
  async handle(facts: RequestFacts): Promise<unknown> {
    const handle = async () => kept(await this.#invoke(facts))
    if (this.#middleware.length === 0) return handle()
    return kept(await throughMiddleware(this.#middleware, facts, handle))
  }

  async #invoke(facts: RequestFacts): Promise<unknown> {
    const input = await readInput(this.route.options, facts.request)
    if (!this.#bindModels) return this.#call({ ...input, ...facts })
    // The router of Fastify has made them: they are texts by name.
    const models = await this.#bindModels(facts.request.params as Record<string, string>)
    const params = { ...Object(input.params), ...models }
    return this.#call({ ...input, params, ...facts })
  }

  #call(context: HttpContext): unknown {
    if (!(this.route instanceof LiveRoute)) return this.route.invoke(this.#app, context)
    return this.route.begin(context, { app: this.#app, messages: this.#messages })
  }
}

/**
 * A stream may fail while its work is being committed, when nobody reads it yet, and an error that nobody hears would end the
 * process. Whoever sends it learns of the error all the same.
 */
function kept(result: unknown): unknown {
  if (result instanceof Readable) result.on('error', () => undefined)
  return result
}
