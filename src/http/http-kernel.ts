/** @module The HTTP server as an entry point of the application: it starts, answers, and stops without losing work. */
import type { Server } from 'node:http'
import { Server as NetServer } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import type { Application } from '../application/application.ts'
import { WrongStateError } from '../application/errors.ts'
import type { Kernel } from '../application/kernel.ts'
import type { Log } from '../application/log.ts'
import { leaveScopes } from '../container/resolution-frame.ts'
import { buildServer, type ConfigureServer } from './server/build-server.ts'
import { ServerStateError } from './server/errors.ts'
import { InFlight } from './server/in-flight.ts'
import { findPort, type ListenOptions, listen } from './server/listen.ts'
import { NewConnections } from './server/new-connections.ts'
import { nextRounds } from './server/next-rounds.ts'
import { tellCut } from './server/open-work.ts'

/** How long a stop waits for the request of a connection that has just been opened. */
const NEW_CONNECTION_MS = 1000

export class HttpKernel implements Kernel {
  readonly name = 'http'
  readonly #app: Application
  readonly #inFlight = new InFlight()
  readonly #configure: ConfigureServer[] = []
  #listen: ListenOptions = {}
  #preparing: Promise<FastifyInstance> | undefined
  #server: FastifyInstance | undefined
  #stopping: Promise<void> | undefined
  #newConnections: NewConnections | undefined
  /** Kept, since a stop may come from the container when that gives nothing any more. */
  #log: Log | undefined

  constructor(app: Application) {
    this.#app = app
  }

  /**
   * Gives the server something of Fastify's before the routes are added: call it in `boot()` of a provider.
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
    if (this.#preparing) {
      throw new ServerStateError('http.configure()', 'built', 'Call it in boot() of a provider.')
    }
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
  build(): Promise<FastifyInstance> {
    return this.#prepare()
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
    const server = await this.#prepare()
    // A request starts outside of any scope, also when the test that makes it has one open.
    return leaveScopes(async () => await server.inject(request))
  }

  /** Stops listening, finishes what is in flight until the deadline, and cuts what is left. */
  stop(deadline: number): Promise<void> {
    this.#stopping ??= this.#stop(deadline)
    return this.#stopping
  }

  /**
   * The Fastify server itself.
   *
   * @throws {ServerStateError} before it is built by `start` or `inject`
   */
  get fastify(): FastifyInstance {
    if (this.#server) return this.#server
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
    const bound = this.#server?.server.address()
    if (typeof bound !== 'object' || bound === null) return undefined
    return `http://${bound.family === 'IPv6' ? `[${bound.address}]` : bound.address}:${bound.port}`
  }

  /** The port that the server listens on. */
  get port(): number | undefined {
    const bound = this.#server?.server.address()
    return typeof bound === 'object' ? bound?.port : undefined
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
    this.#server = await buildServer(this.#app, this.#inFlight, this.#configure)
    this.#newConnections = new NewConnections(this.#server.server)
    return this.#server
  }

  async #stop(deadline: number): Promise<void> {
    // Whoever asked for a server that could not be built has been told so.
    const server = await this.#preparing?.catch(() => undefined)
    if (!server) return
    if (server.server.listening) await this.#leaveRotation(server.server, deadline)
    this.#inFlight.beginDrain()
    const closed = server.close()
    await this.#inFlight.finish(deadline, (open) => this.#log && tellCut(this.#log, open))
    // What is left has sent no request, and a connection that waits would keep the server waiting too.
    server.server.closeAllConnections()
    await closed
    await nextRounds()
  }

  /** Goes on serving until those who send requests have seen that it is no longer ready, and until those on their way are here. */
  async #leaveRotation(server: Server, deadline: number): Promise<void> {
    this.#inFlight.leaveRotation()
    const { drainDelay = 0 } = this.#app.config.find('http') ?? {}
    const delay = Math.min(drainDelay, deadline - Date.now())
    if (delay > 0) await setTimeout(delay)
    // Only what accepts: close() of an HTTP server also ends connections whose request is still on its way.
    NetServer.prototype.close.call(server)
    await this.#newConnections?.settle(Math.min(NEW_CONNECTION_MS, deadline - Date.now()))
    await nextRounds()
  }
}
