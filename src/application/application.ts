/** @module The application: configuration, container and life cycle. */
import { Config } from '../config/config.ts'
import { environmentName } from '../config/env.ts'
import { Container } from '../container/container.ts'
import { findScope, isMaking } from '../container/resolution-frame.ts'
import { attachCause, attemptAll } from '../errors/attempt-all.ts'
import { noteBooted } from './booted-applications.ts'
import { StopError, WrongStateError } from './errors.ts'
import type { Kernel } from './kernel.ts'
import type {} from './ports/clock.ts'
import { bootProvider, type Provider, registerProvider } from './provider.ts'
import { reportError } from './report-error.ts'
import { Running } from './running.ts'
import { Scope, type ScopeOptions } from './scope.ts'
import { startKernel } from './start-kernel.ts'

export type ApplicationState = 'created' | 'booted' | 'stopped'

export interface ApplicationOptions {
  /** The folder that holds `app/`, `config/` and `database/`. */
  readonly root: string
  readonly config: Readonly<Record<string, unknown>>
  readonly providers?: readonly ((app: Application) => Provider)[]
}

declare module '../container/services.ts' {
  interface Services {
    app: Application
    config: Config
  }
}

export class Application extends Container {
  readonly root: string
  readonly config: Config
  readonly environment = environmentName()
  readonly #makeProviders: readonly ((app: Application) => Provider)[]
  readonly #running = new Running()
  #state: ApplicationState = 'created'
  #isBooting = false
  #forget: (() => void) | undefined
  #ready: Promise<void> | undefined
  #stopping: Promise<void> | undefined

  constructor({ root, config, providers = [] }: ApplicationOptions) {
    super()
    this.root = root
    this.config = new Config(config)
    this.#makeProviders = providers
    this.instance('app', this)
    this.instance('config', this.config)
    this.instance('clock', { now: () => Date.now() })
  }

  get state(): ApplicationState {
    return this.#state
  }

  /**
   * Registers every provider, then boots every provider, in list order. Nothing is connected and nothing listens yet.
   *
   * @throws {ProviderError} which names the provider and the step; what had been made is disposed
   * @throws {WrongStateError} when called a second time
   */
  async boot(): Promise<this> {
    const hint = 'Boot an application once; create another one to boot again.'
    if (this.#isBooting) throw new WrongStateError('boot()', 'booting', hint)
    this.#expect('created', 'boot()', hint)
    this.#isBooting = true
    try {
      const providers = this.#makeProviders.map((make) => make(this))
      for (const provider of providers) registerProvider(this, provider)
      for (const provider of providers) await bootProvider(provider)
      // What ends with it may still be ending.
      if (this.#stopping) throw new WrongStateError('boot()', 'stopped', 'Await boot() before stop().')
      this.#state = 'booted'
      this.#forget = noteBooted(this)
      return this
    } catch (error) {
      await this.#giveUp(error)
      throw error
    } finally {
      this.#isBooting = false
    }
  }

  /**
   * Makes the asynchronous singletons that a kernel needs, then starts it outside of any scope.
   *
   * @throws {WrongStateError} when the application is not booted
   */
  async run(kernel: Kernel): Promise<void> {
    this.#expect('booted', `run(${kernel.name})`, 'Call boot() first, and stop() last.')
    if (kernel.needs) await this.ready(kernel.needs)
    else await this.#allReady()
    await startKernel(this, kernel)
    if (this.#stopping) {
      await kernel.stop(Date.now())
      throw new WrongStateError(`run(${kernel.name})`, 'stopping', 'Start nothing after stop().')
    }
    this.#running.addKernel(kernel)
  }

  /**
   * Runs a function as one unit of work: everything it writes is committed when it succeeds and rolled back when it
   * throws. It always starts a new unit of work, also inside another.
   *
   * @example
   * ```ts
   * import { createApplication } from 'limber'
   *
   * const app = await createApplication()
   * await app.boot()
   * await app.scope(async () => {
   *   app.make('config').get('app.name')
   * })
   * ```
   */
  async scope<T>(fn: (scope: Scope) => T | Promise<T>, options?: ScopeOptions): Promise<T> {
    this.#expect('booted', 'scope()', 'Call boot() before opening a scope.')
    // What the factory of such a singleton does in a scope cannot wait for that singleton.
    if (!isMaking()) await this.#allReady()
    const scope = this.openScope(options)
    return scope.run(() => fn(scope))
  }

  /** Opens a scope that its maker enters and ends: for kernels. Asynchronous singletons have to be ready. */
  openScope(options: ScopeOptions = {}): Scope {
    return new Scope(this, options, (error, scope) => reportError(this, error, scope))
  }

  /** The scope that is open here, or undefined. */
  currentScope(): Scope | undefined {
    const scope = findScope(this)
    return scope instanceof Scope ? scope : undefined
  }

  /**
   * Runs a function when the application stops: after the kernels and before anything is disposed, the last one first.
   *
   * @param end is given the deadline, in milliseconds since the epoch
   */
  onStop(end: (deadline: number) => unknown): void {
    this.#running.addEnding(end)
  }

  /**
   * Stops the kernels, last started first, then disposes what was made, newest first. Everything is tried.
   *
   * @param deadline how long kernels may finish what is in flight, in milliseconds; default: the longest time that one of
   * them asks for, else 10 seconds
   * @throws {StopError} with every error on the way
   */
  stop({ deadline = this.#running.stopTimeout }: { deadline?: number } = {}): Promise<void> {
    this.#stopping ??= this.#stop(Date.now() + deadline)
    return this.#stopping
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  async #stop(deadline: number): Promise<void> {
    const errors = await this.#running.stop(deadline)
    this.#state = 'stopped'
    this.#forget?.()
    errors.push(...(await attemptAll([() => this.dispose()])))
    if (errors.length > 0) throw new StopError(errors)
  }

  #allReady(): Promise<void> {
    this.#ready ??= this.ready().catch((error: unknown) => {
      this.#ready = undefined
      throw error
    })
    return this.#ready
  }

  /** Disposes what a failed boot had built; what fails on the way is told along with the failure. */
  async #giveUp(failure: unknown): Promise<void> {
    this.#state = 'stopped'
    const errors = await attemptAll([() => this.dispose()])
    if (errors.length > 0) attachCause(failure, new StopError(errors))
  }

  #expect(state: ApplicationState, call: string, hint: string): void {
    if (this.#state !== state) throw new WrongStateError(call, this.#state, hint)
  }
}
