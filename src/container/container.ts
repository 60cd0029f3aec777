/** @module The service container: binds services under keys, and makes them when they are asked for. */
import 'reflect-metadata'
import type { Container as InversifyContainer } from 'inversify'
import { LimberError } from '../errors/limber-error.ts'
import { type AbstractConstructor, type Constructor, isClass } from '../support/class-of.ts'
import { Binding, type BindingOptions, type Lifetime } from './binding.ts'
import { Bindings } from './bindings.ts'
import { ClassGraph } from './class-graph.ts'
import { ClassMaker } from './class-maker.ts'
import { BindingNotFoundError, ContainerDisposedError, MadeWhileRegisteringError } from './errors.ts'
import { Lifetimes } from './lifetimes.ts'
import type { Resolver, ServiceFactory } from './resolver.ts'
import type { ServiceKey, ServiceName, ServiceOf, Services, ServicesOf } from './services.ts'
import { Swap } from './swap.ts'

/** How a service is made: by a function, or by constructing a class. */
export type ServiceMaker<T> = ServiceFactory<T> | Constructor<T>

export class Container implements Resolver {
  readonly #bindings = new Bindings()
  readonly #classes = new ClassMaker()
  readonly #graph = new ClassGraph(this.#bindings, (key) => this.#isForeign(key))
  readonly #lifetimes = new Lifetimes(this, this.#classes, this.#graph)
  readonly #swaps = new Map<ServiceKey, Swap>()
  #registering: string | undefined
  #disposed = false

  /** Binds a service that is made anew for each one who asks. */
  bind<K extends ServiceName>(key: K, maker: ServiceMaker<Services[K]>, options?: BindingOptions): void
  bind<T>(key: AbstractConstructor<T>, maker?: ServiceMaker<T>, options?: BindingOptions): void
  bind(key: ServiceKey, maker?: ServiceMaker<unknown>, options: BindingOptions = {}): void {
    this.#add('transient', key, maker, options)
  }

  /** Binds a service that is made once for the application. */
  singleton<K extends ServiceName>(
    key: K,
    maker: ServiceMaker<Services[K]>,
    options?: BindingOptions<Services[K]>,
  ): void
  singleton<T>(key: AbstractConstructor<T>, maker?: ServiceMaker<T>, options?: BindingOptions<T>): void
  singleton(key: ServiceKey, maker?: ServiceMaker<unknown>, options: BindingOptions<never> = {}): void {
    this.#add('singleton', key, maker, options)
  }

  /** Binds a service that is made once for each scope: a request, a command, a test. */
  scoped<K extends ServiceName>(
    key: K,
    maker: ServiceMaker<Services[K]>,
    options?: BindingOptions<Services[K]>,
  ): void
  scoped<T>(key: AbstractConstructor<T>, maker?: ServiceMaker<T>, options?: BindingOptions<T>): void
  scoped(key: ServiceKey, maker?: ServiceMaker<unknown>, options: BindingOptions<never> = {}): void {
    this.#add('scoped', key, maker, options)
  }

  /** Binds a value that exists already. It is not disposed with the container: whoever made it ends it. */
  instance<K extends ServiceName>(key: K, value: Services[K]): void
  instance<T>(key: AbstractConstructor<T>, value: T): void
  instance(key: ServiceKey, value: unknown): void {
    this.#add('instance', key, () => value, {})
  }

  /** Gives a second name to a service. */
  alias(key: ServiceName, target: ServiceKey): void {
    this.#bindings.alias(key, target, this.#binder)
    this.#connect(key)
  }

  /**
   * Decorates a service: the function gets what was made and gives what is handed out.
   *
   * @throws {BindingNotFoundError} when nothing is bound to the key yet
   */
  extend<K extends ServiceKey>(
    key: K,
    decorate: (service: ServiceOf<K>, services: Resolver) => ServiceOf<K>,
  ): void {
    // The decorator was type-checked against the key; the table holds services of every type.
    this.#bindingOf(key).decorators.push(decorate as (service: unknown, services: Resolver) => unknown)
  }

  /** Puts services under a tag, so that they can be asked for together. */
  tag(tag: string, ...keys: ServiceKey[]): void {
    this.#bindings.tag(tag, keys)
  }

  /** Replaces a binding and keeps its lifetime; what was made by the old one is forgotten, not disposed. */
  rebind<K extends ServiceName>(
    key: K,
    maker: ServiceMaker<Services[K]>,
    options?: BindingOptions<Services[K]>,
  ): void
  rebind<T>(key: AbstractConstructor<T>, maker: ServiceMaker<T>, options?: BindingOptions<T>): void
  rebind(key: ServiceKey, maker: ServiceMaker<unknown>, options: BindingOptions<never> = {}): void {
    const old = this.#bindingOf(key)
    this.#lifetimes.forget(old)
    this.#bindings.replace(new Binding(old.key, old.lifetime, maker, options, this.#binder))
    this.#graph.reset()
  }

  /**
   * Hands out another value under a key until the swap is restored: for tests, also with `using`.
   *
   * @example
   * ```ts
   * import { Container } from 'limber'
   *
   * class Clock { now() { return Date.now() } }
   * const container = new Container()
   * using frozen = container.swap(Clock, { now: () => 0 })
   * container.make(Clock).now() // 0
   * ```
   */
  swap<K extends ServiceKey>(key: K, value: ServiceOf<K>): Swap {
    const target = this.#bindings.target(key)
    const outer = this.#swaps.get(target)
    const swap = new Swap(value, () => {
      if (this.#swaps.get(target) !== swap) return
      if (outer) this.#swaps.set(target, outer)
      else this.#swaps.delete(target)
    })
    this.#swaps.set(target, swap)
    if (typeof target === 'function' && !this.#bindings.find(target)) this.#connect(target)
    return swap
  }

  /**
   * Gives the service under a key.
   *
   * @throws {BindingNotFoundError} @throws {OutsideScopeError} @throws {AsyncServiceError}
   * @throws {CircularServiceError} @throws {CaptiveDependencyError} @throws {ServiceFactoryError}
   */
  make<K extends ServiceName>(key: K): Services[K]
  make<T>(key: AbstractConstructor<T>): T
  make(key: ServiceKey): unknown {
    this.#refuseTooEarlyOrLate(key)
    return this.#obtain(key)
  }

  /** Gives the service under a key once it is ready: for asynchronous factories. */
  makeAsync<K extends ServiceName>(key: K): Promise<Services[K]>
  makeAsync<T>(key: AbstractConstructor<T>): Promise<T>
  async makeAsync(key: ServiceKey): Promise<unknown> {
    this.#refuseTooEarlyOrLate(key)
    const binding = this.#bindings.find(key)
    if (!binding || this.#swaps.has(binding.key)) return this.#obtain(key)
    return this.#lifetimes.obtainAsync(binding)
  }

  /** Calls a function with the services it names. */
  call<const Keys extends readonly ServiceKey[], R>(keys: Keys, fn: (...services: ServicesOf<Keys>) => R): R {
    const services = keys.map((key) => this.make(key as ServiceName))
    // One service per key, in the order of the keys.
    return fn(...(services as ServicesOf<Keys>))
  }

  /** Gives all services under a tag, in the order they were tagged. */
  tagged(tag: string): unknown[] {
    return this.#bindings.tagged(tag).map((key) => this.make(key as ServiceName))
  }

  /** Whether something is bound to the key; a class that is not bound can still be made. */
  has(key: ServiceName | AbstractConstructor): boolean {
    return this.#bindings.find(key) !== undefined || this.#swaps.has(this.#bindings.target(key))
  }

  /**
   * Makes the asynchronous singletons, so that `make` gives them at once.
   *
   * @param keys only those that these keys need; default: all
   */
  async ready(keys?: Iterable<ServiceKey>): Promise<void> {
    const wanted = keys ? this.#graph.reach(keys) : undefined
    for (const binding of this.#bindings.all()) {
      if (binding.lifetime !== 'singleton' || !binding.isAsync || this.#swaps.has(binding.key)) continue
      if (!wanted || wanted.has(binding.key)) await this.#lifetimes.obtainAsync(binding)
    }
  }

  /** Checks the graph of everything bound, and of these classes, without making anything; gives what is wrong. */
  verify(classes: Iterable<AbstractConstructor> = []): LimberError[] {
    const keys = [...this.#bindings.all()].map((binding) => binding.key)
    return [...keys, ...classes].flatMap((key) => {
      try {
        this.#graph.check(key)
        return []
      } catch (error) {
        if (error instanceof LimberError) return [error]
        throw error
      }
    })
  }

  /** Every binding: its key, its lifetime and who bound it. */
  list(): { key: ServiceKey; lifetime: Lifetime; boundBy: string }[] {
    return [...this.#bindings.all()].map(({ key, lifetime, boundBy }) => ({ key, lifetime, boundBy }))
  }

  /** The inversify container inside. What is bound there is not checked. */
  get raw(): InversifyContainer {
    return this.#classes.inversify
  }

  /** Runs the registration of a provider: what it binds carries its name, and making is refused. */
  registering(provider: string, register: () => void): void {
    this.#registering = provider
    try {
      register()
    } finally {
      this.#registering = undefined
    }
  }

  /** Disposes every singleton that was made, newest first. A second call does nothing. */
  async dispose(): Promise<void> {
    this.#disposed = true
    await this.#lifetimes.dispose()
  }

  get #binder(): string {
    return this.#registering ?? 'the application'
  }

  #add(
    lifetime: Lifetime,
    key: ServiceKey,
    maker: ServiceMaker<unknown> | undefined,
    options: BindingOptions<never>,
  ): void {
    const own = isClass(key) ? key : undefined
    const chosen = maker ?? own
    if (!chosen) throw new TypeError(`A factory or a class is needed to bind ${String(key)}.`)
    this.#bindings.add(new Binding(key, lifetime, chosen, options, this.#binder))
    this.#connect(key)
  }

  #connect(key: ServiceKey): void {
    this.#classes.connect(key, () => this.#obtain(key))
    this.#graph.reset()
  }

  #obtain(key: ServiceKey): unknown {
    if (this.#swaps.size > 0) {
      const swap = this.#swaps.get(this.#bindings.target(key))
      if (swap) return swap.value
    }
    const binding = this.#bindings.find(key)
    if (binding) return this.#lifetimes.obtain(binding)
    if (typeof key === 'function') return this.#lifetimes.construct(key as Constructor)
    if (this.#isForeign(key)) return this.#classes.inversify.get(key)
    throw this.#notFound(key)
  }

  #bindingOf(key: ServiceKey): Binding {
    const binding = this.#bindings.find(key)
    if (!binding) throw this.#notFound(key)
    return binding
  }

  #isForeign(key: ServiceKey): boolean {
    return !this.#bindings.find(key) && typeof key !== 'function' && this.#classes.inversify.isBound(key)
  }

  #notFound(key: ServiceKey): BindingNotFoundError {
    const path = this.#lifetimes.pathTo(key)
    return new BindingNotFoundError(key, path, this.#bindings.names(), (name) => this.#bindings.boundBy(name))
  }

  #refuseTooEarlyOrLate(key: ServiceKey): void {
    if (this.#registering) throw new MadeWhileRegisteringError(key, this.#registering)
    if (this.#disposed) throw new ContainerDisposedError(key)
  }
}
