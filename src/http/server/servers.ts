/** @module The servers of an application: the one that listens, and in its place, where modules have routes, one that has these too. */
import { Server as NetServer } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { Application } from '../../application/application.ts'
import { leaveScopes } from '../../container/resolution-frame.ts'
import { attemptAll, throwAll } from '../../errors/attempt-all.ts'
import { messageOf } from '../../support/message-of.ts'
import { addsWebSockets } from '../live/web-sockets.ts'
import { loadRoutes } from '../routing/load-routes.ts'
import type { Router } from '../routing/router.ts'
import { buildServer, type ConfigureServer } from './build-server.ts'
import { checkHttpConfig } from './check-config.ts'
import { InFlight } from './in-flight.ts'
import { NewConnections } from './new-connections.ts'
import { nextRounds } from './next-rounds.ts'
import { takeOver, takeUpgrades } from './take-over.ts'

/** How long a stop waits for the request of a connection that has just been opened. */
const NEW_CONNECTION_MS = 1000

/** A server with the routes of modules; it never listens. */
interface Generation {
  readonly server: FastifyInstance
  readonly inFlight: InFlight
}

/** The server that listens, which has the routes of the application only: it is there as long as the port is open. */
interface Listening {
  readonly server: FastifyInstance
  readonly router: Router
  readonly newConnections: NewConnections
}

export class Servers {
  readonly #app: Application
  readonly #inFlight: InFlight
  readonly #configure: readonly ConfigureServer[]
  #listening: Listening | undefined
  #answering: Generation | undefined
  /** Those that are not closed; one in whose place another has come finishes what it has begun. */
  readonly #generations = new Set<Generation>()
  #hasTakenOver = false
  #hasTakenUpgrades = false
  #isClosed = false
  #last: Promise<unknown> = Promise.resolve()

  constructor(app: Application, inFlight: InFlight, configure: readonly ConfigureServer[]) {
    this.#app = app
    this.#inFlight = inFlight
    this.#configure = configure
  }

  get listening(): FastifyInstance | undefined {
    return this.#listening?.server
  }

  /** The one that answers requests now. */
  get answering(): FastifyInstance | undefined {
    return this.#answering?.server ?? this.listening
  }

  /** Builds the server that listens, and the one with the routes of the modules that are loaded already. */
  async open(): Promise<FastifyInstance> {
    checkHttpConfig(this.#app.config.find('http') ?? {})
    const router = await loadRoutes(this.#app)
    const plan = { router: router.own, inFlight: this.#inFlight, configure: this.#configure }
    const server = await buildServer(this.#app, plan)
    this.#listening = { server, router, newConnections: new NewConnections(server.server) }
    await this.#inTurn(() => this.#renew().catch(() => this.#openOneByOne(router)))
    return server
  }

  /**
   * Has the routes of a module answered from now on, or, where no server is built yet, as soon as one is.
   *
   * @returns what takes them away again
   * @throws {RouteConflictError} @throws {RouteNameTakenError} and what building a server throws; then nothing has changed
   */
  admit(guest: Router): Promise<() => Promise<void>> {
    return this.#inTurn(async () => {
      const router = await loadRoutes(this.#app)
      router.admit(guest)
      try {
        await this.#renew()
      } catch (error) {
        router.dismiss(guest)
        throw error
      }
      return () => {
        router.dismiss(guest)
        return this.#inTurn(() => this.#renew())
      }
    })
  }

  /** Takes no more connections, and waits until those that have just been opened have sent their request. */
  async stopAccepting(deadline: number): Promise<void> {
    if (!this.#listening) return
    const { server, newConnections } = this.#listening
    // Only what accepts: close() of an HTTP server also ends connections whose request is still on its way.
    NetServer.prototype.close.call(server.server)
    await newConnections.settle(Math.min(NEW_CONNECTION_MS, deadline - Date.now()))
    await nextRounds()
  }

  /** Closes what never listened, when nobody is answered any more. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.#last
    const errors = await attemptAll(
      [...this.#generations].map(
        ({ server }) =>
          () =>
            server.close(),
      ),
    )
    throwAll(errors, `${errors.length} servers could not be closed.`)
  }

  /** One change after the other, and none of them in the scope of whoever asks for it. */
  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(() => leaveScopes(change))
    this.#last = turn.catch(() => undefined)
    return turn
  }

  async #renew(): Promise<void> {
    if (!this.#listening || this.#isClosed) return
    const { routes, guests } = this.#listening.router
    if (guests.length === 0) return this.#answerWith(undefined)
    const inFlight = new InFlight(this.#inFlight)
    const plan = { router: { routes, close: () => undefined }, inFlight, configure: this.#configure }
    const generation = { server: await buildServer(this.#app, plan), inFlight }
    this.#generations.add(generation)
    this.#answerWith(generation)
  }

  #answerWith(next: Generation | undefined): void {
    const last = this.#answering
    this.#answering = next
    if (next) this.#takeOver(next.server)
    if (last) void this.#retire(last)
  }

  /** Costs those nothing whose modules have no routes. */
  #takeOver(next: FastifyInstance): void {
    if (!this.#listening) return
    const { server, newConnections } = this.#listening
    const answering = () => this.answering ?? server
    if (!this.#hasTakenOver) takeOver(server, answering)
    this.#hasTakenOver = true
    if (this.#hasTakenUpgrades || addsWebSockets(server) || !addsWebSockets(next)) return
    takeUpgrades(server, answering, (socket) => newConnections.forget(socket))
    this.#hasTakenUpgrades = true
  }

  /** Requests that it has begun are finished by it. */
  async #retire(generation: Generation): Promise<void> {
    await generation.inFlight.idle()
    if (this.#isClosed || !this.#generations.delete(generation)) return
    await generation.server.close().catch((error: unknown) => this.#report(error))
  }

  /** One module that cannot be served is not to keep the others from it, nor the application. */
  async #openOneByOne(router: Router): Promise<void> {
    const { guests } = router
    for (const guest of guests) router.dismiss(guest)
    for (const guest of guests) {
      router.admit(guest)
      await this.#renew().catch((error: unknown) => {
        router.dismiss(guest)
        this.#report(error, { module: guest.routes[0]?.owner?.name })
      })
    }
  }

  #report(error: unknown, facts: object = {}): void {
    this.#app.make('log').error({ err: error, ...facts }, messageOf(error))
  }
}
