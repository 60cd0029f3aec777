/** @module The HTTP server as an entry point of the application: it starts, answers, and stops without losing work. */
import { setTimeout } from 'node:timers/promises'
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import type { Application } from '../application/application.ts'
import { WrongStateError } from '../application/errors.ts'
import type { Kernel } from '../application/kernel.ts'
import type { Log } from '../application/log.ts'
import { leaveScopes } from '../container/resolution-frame.ts'
import type { Router } from './routing/router.ts'
import type { ConfigureServer } from './server/build-server.ts'
import { ServerStateError } from './server/errors.ts'
import { InFlight } from './server/in-flight.ts'
import { addressOf, boundTo, findPort, type ListenOptions, listen } from './server/listen.ts'
import { nextRounds } from './server/next-rounds.ts'
import { tellCut } from './server/open-work.ts'
import { Servers } from './server/servers.ts'

export class HttpKernel implements Kernel {
  readonly name = 'http'
  readonly #app: Application
  readonly #inFlight = new InFlight()
  readonly #configure: ConfigureServer[] = []
  readonly #servers: Servers
  #listen: ListenOptions = {}
  #preparing: Promise<FastifyInstance> | undefined
  #stopping: Promise<void> | undefined
  /** Kept, since a stop may come from the container when that gives nothing any more. */
  #log: Log | undefined

  constructor(app: Application) {
    this.#app = app
    this.#servers = new Servers(app, this.#inFlight, this.#configure)
  }

  /**
   * Gives the server something of Fastify's before the routes are added: call it in `boot()` of a provider. It is given to
   * each server that takes the place of this one when the routes of modules come or go.
   *
   * @throws {ServerStateError} when the server is built already
   * @example
   * ```ts
   * import { ServiceProvider } from 'limber'
   *
   * export class HeaderServiceProvider extends ServiceProvider {
   *   override boot() {
   *     this.app.make('http').configure((fastify) => {
   *       fastify.addHook('onSend', async (_request, reply) => {
   *         reply.header('x-frame-options', 'DENY')
   *       })
   *     })
   *   }
   * }
   * ```
   */
  configure(add: ConfigureServer): this {
    if (this.#preparing)
      throw new ServerStateError('http.configure()', 'built', 'Call it in boot() of a provider.')
    this.#configure.push(add)
    return this
  }

  /** Listens elsewhere than the configuration says: for the options of a command. */
  listenOn(options: ListenOptions): this {
    this.#listen = { ...this.#listen, ...options }
    return this
  }

  /**
   * The port that it will listen on: whether it can be had, and which one the system chooses for 0.
   *
   * @throws {PortInUseError} @throws {PortForbiddenError} @throws {HostNotAvailableError} @throws {InvalidPortError}
   */
  findPort(): Promise<number> {
    return findPort({ ...this.#app.config.find('http'), ...this.#listen })
  }

  /**
   * Builds the server and listens. Call it through `app.run(kernel)`.
   *
   * @throws {PortInUseError} @throws {PortForbiddenError} @throws {HostNotAvailableError} @throws {InvalidPortError}
   */
  async start(): Promise<void> {
    const server = await this.#prepare()
    await listen(server, { ...this.#app.config.find('http'), ...this.#listen })
  }

  /** Builds the server without listening, for those who only look at it. */
  async build(): Promise<FastifyInstance> {
    await this.#prepare()
    return this.fastify
  }

  /** Has the routes of a module answered as well, also when it listens already, and gives what takes them away again. */
  admit(routes: Router): Promise<() => Promise<void>> {
    return this.#servers.admit(routes)
  }

  /**
   * Answers a request without a socket. It builds the server when that has not happened yet.
   *
   * @throws {WrongStateError} when the application is not booted
   * @example
   * ```ts
   * import { createApplication } from 'limber'
   *
   * await using app = await createApplication()
   * await app.boot()
   * const reply = await app.make('http').inject({ method: 'GET', url: '/' })
   * console.log(reply.statusCode, reply.json())
   * ```
   */
  async inject(request: InjectOptions | string): Promise<LightMyRequestResponse> {
    if (this.#app.state !== 'booted') {
      throw new WrongStateError('http.inject()', this.#app.state, 'Call boot() first, and stop() last.')
    }
    const server = await this.build()
    // A request starts outside of any scope, also when the test that makes it has one open.
    return leaveScopes(async () => await server.inject(request))
  }

  /** Stops listening, finishes what is in flight until the deadline, and cuts what is left. */
  stop(deadline: number): Promise<void> {
    this.#stopping ??= this.#stop(deadline)
    return this.#stopping
  }

  /**
   * The Fastify server that answers: another one when the routes of modules have come or gone.
   *
   * @throws {ServerStateError} before it is built by `start` or `inject`
   */
  get fastify(): FastifyInstance {
    const { answering } = this.#servers
    if (answering) return answering
    throw new ServerStateError('http.fastify', 'not built yet', 'Give it plugins with http.configure().')
  }

  /** Whether the stop has begun: new requests are soon turned away, and `/ready` says so at once. */
  get isStopping(): boolean {
    return this.#stopping !== undefined
  }

  /** How long a stop may take, in milliseconds: the time to be taken out of rotation, and the time to finish. */
  get stopTimeout(): number {
    const { drainDelay = 0, drainTimeout = 10_000 } = this.#app.config.find('http') ?? {}
    return drainDelay + drainTimeout
  }

  /** Where the server listens: `http://127.0.0.1:3000`; undefined when it does not. */
  get address(): string | undefined {
    const bound = boundTo(this.#servers.listening)
    return bound && addressOf(bound)
  }

  /** The port that the server listens on. */
  get port(): number | undefined {
    return boundTo(this.#servers.listening)?.port
  }

  #prepare(): Promise<FastifyInstance> {
    this.#preparing ??= leaveScopes(() => this.#build()).catch((error: unknown) => {
      this.#preparing = undefined
      throw error
    })
    return this.#preparing
  }

  async #build(): Promise<FastifyInstance> {
    await this.#app.ready()
    this.#log = this.#app.make('log')
    return this.#servers.open()
  }

  async #stop(deadline: number): Promise<void> {
    // Whoever asked for a server that could not be built has been told so.
    const server = await this.#preparing?.catch(() => undefined)
    if (!server) return
    if (server.server.listening) await this.#leaveRotation(deadline)
    this.#inFlight.beginDrain()
    const closed = server.close()
    await this.#inFlight.finish(deadline, (open) => this.#log && tellCut(this.#log, open))
    // What is left has sent no request, and a connection that waits would keep the server waiting too.
    server.server.closeAllConnections()
    await closed
    await this.#servers.close()
    await nextRounds()
  }

  /** Goes on serving until those who send requests have seen that it is no longer ready, and until those on their way are here. */
  async #leaveRotation(deadline: number): Promise<void> {
    this.#inFlight.leaveRotation()
    const { drainDelay = 0 } = this.#app.config.find('http') ?? {}
    const delay = Math.min(drainDelay, deadline - Date.now())
    if (delay > 0) await setTimeout(delay)
    await this.#servers.stopAccepting(deadline)
  }
}
