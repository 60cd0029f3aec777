/** @module The service container: binds services under keys, and makes them when they are asked for. */
import 'reflect-metadata'
import type { Container as InversifyContainer } from 'inversify'
import type { LimberError } from '../errors/limber-error.ts'
import { type AbstractConstructor, type Constructor, isClass } from '../support/class-of.ts'
import { Binding, type BindingOptions, type Decorate, type Lifetime } from './binding.ts'
import { Bindings } from './bindings.ts'
import { ContainerDisposedError, MadeWhileRegisteringError, NotInjectableError } from './errors.ts'
import type { Resolver, ServiceFactory } from './resolver.ts'
import {
  keyName,
  type ServiceKey,
  type ServiceName,
  type ServiceOf,
  type Services,
  type ServicesOf,
  type TaggableKey,
  type TagName,
  type Tags,
} from './services.ts'
import type { Swap } from './swap.ts'
import { type Guard, Workshop } from './workshop.ts'

/** How a service is made: by a function, or by constructing a class. */
export type ServiceMaker<T> = ServiceFactory<T> | Constructor<T>

/** Of the options, those of a service that nobody shares. */
type Needs = Pick<BindingOptions, 'needs'>

export class Container implements Resolver {
  readonly #bindings = new Bindings()
  readonly #workshop = new Workshop(this, this.#bindings)
  #registering: string | undefined
  #disposed = false

  /** Binds a service that is made anew for each one who asks; whoever asks also ends it. */
  bind<K extends ServiceName>(key: K, maker: ServiceMaker<Services[K]>, options?: Needs): void
  bind<T>(key: Constructor<T>, maker?: ServiceMaker<T>, options?: Needs): void
  bind<T>(key: AbstractConstructor<T>, maker: ServiceMaker<T>, options?: Needs): void
  bind(key: ServiceKey, maker?: ServiceMaker<unknown>, options: Needs = {}): void {
    this.#add('transient', key, maker, options)
  }

  /** Binds a service that is made once for the application. */
  singleton<K extends ServiceName>(
    key: K,
    maker: ServiceMaker<Services[K]>,
    options?: BindingOptions<Services[K]>,
  ): void
  singleton<T>(key: Constructor<T>, maker?: ServiceMaker<T>, options?: BindingOptions<T>): void
  singleton<T>(key: AbstractConstructor<T>, maker: ServiceMaker<T>, options?: BindingOptions<T>): void
  singleton(key: ServiceKey, maker?: ServiceMaker<unknown>, options: BindingOptions<never> = {}): void {
    this.#add('singleton', key, maker, options)
  }

  /** Binds a service that is made once for each scope: a request, a command, a test. */
  scoped<K extends ServiceName>(
    key: K,
    maker: ServiceMaker<Services[K]>,
    options?: BindingOptions<Services[K]>,
  ): void
  scoped<T>(key: Constructor<T>, maker?: ServiceMaker<T>, options?: BindingOptions<T>): void
  scoped<T>(key: AbstractConstructor<T>, maker: ServiceMaker<T>, options?: BindingOptions<T>): void
  scoped(key: ServiceKey, maker?: ServiceMaker<unknown>, options: BindingOptions<never> = {}): void {
    this.#add('scoped', key, maker, options)
  }

  /** Binds a value that exists already. It is not disposed with the container: whoever made it ends it. */
  instance<K extends ServiceName>(key: K, value: Services[K]): void
  instance<T>(key: AbstractConstructor<T>, value: T): void
  instance(key: ServiceKey, value: unknown): void {
    this.#add('instance', key, () => value, {})
  }

  /** Gives a second name to a service, which may be bound later. */
  alias<K extends ServiceName, T extends ServiceKey>(
    key: K,
    target: ServiceOf<T> extends Services[K] ? T : never,
  ): void {
    this.#workshop.connect(key, this.#binder)
    this.#bindings.alias(key, target, this.#binder)
  }

  /**
   * Decorates a service: the function gets what was made and gives what is handed out. A singleton that exists already
   * is decorated from now on.
   *
   * @throws {BindingNotFoundError} when nothing is bound to the key yet
   */
  extend<K extends ServiceKey>(
    key: K,
    decorate: (service: ServiceOf<K>, services: Resolver) => ServiceOf<K>,
  ): void {
    const binding = this.#workshop.bindingOf(key)
    // The decorator was type-checked against the key; the table holds services of every type.
    binding.decorators.push(decorate as Decorate)
    this.#workshop.lifetimes.decorateMade(binding, decorate as Decorate)
  }

  /** Puts services under a tag, so that they can be asked for together. */
  tag<T extends TagName>(tag: T, ...keys: TaggableKey<T>[]): void {
    this.#bindings.tag(tag, keys, this.#binder)
  }

  /**
   * Replaces how a service is made, and keeps its lifetime and its decorations. What was made before is forgotten now
   * and disposed at the end. An instance becomes a singleton.
   */
  rebind<K extends ServiceName>(
    key: K,
    maker: ServiceMaker<Services[K]>,
    options?: BindingOptions<Services[K]>,
  ): void
  rebind<T>(key: AbstractConstructor<T>, maker: ServiceMaker<T>, options?: BindingOptions<T>): void
  rebind(key: ServiceKey, maker: ServiceMaker<unknown>, options: BindingOptions<never> = {}): void {
    const old = this.#workshop.bindingOf(key)
    const lifetime = old.lifetime === 'instance' ? 'singleton' : old.lifetime
    const binding = new Binding(old.key, lifetime, maker, options, this.#binder)
    binding.decorators.push(...old.decorators)
    this.#bindings.replace(binding)
    this.#workshop.graph.reset()
  }

  /**
   * Hands out another value under a key until the swap is restored: for tests, also with `using`. What was made before
   * keeps what it holds.
   *
   * @throws {BindingNotFoundError} when the name is not bound
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
  swap<K extends ServiceKey>(key: K, value: ServiceOf<K>): Swap<ServiceOf<K>> {
    return this.#workshop.swap(key, value, this.#binder)
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
    return this.#workshop.obtain(key)
  }

  /** Gives the service under a key once it is ready: for asynchronous factories. */
  makeAsync<K extends ServiceName>(key: K): Promise<Services[K]>
  makeAsync<T>(key: AbstractConstructor<T>): Promise<T>
  async makeAsync(key: ServiceKey): Promise<unknown> {
    this.#refuseTooEarlyOrLate(key)
    return this.#workshop.obtainAsync(key)
  }

  /** Calls a function with the services it names. */
  call<const Keys extends readonly ServiceKey[], R>(keys: Keys, fn: (...services: ServicesOf<Keys>) => R): R {
    const services = keys.map((key) => this.make(key as ServiceName))
    // One service per key, in the order of the keys.
    return fn(...(services as ServicesOf<Keys>))
  }

  /** Gives all services under a tag, in the order they were tagged. */
  tagged<T extends TagName>(tag: T): Tags[T][]
  tagged(tag: TagName): unknown[] {
    this.#refuseTooEarlyOrLate(`tag ${tag}`)
    return this.#bindings.tagged(tag).map((key) => this.make(key as ServiceName))
  }

  /** Whether something is bound to the key; a class that is not bound can still be made. */
  has(key: ServiceName | AbstractConstructor): boolean {
    return this.#bindings.find(key) !== undefined || this.#workshop.classes.isForeign(key)
  }

  /**
   * Makes the asynchronous singletons, so that `make` gives them at once.
   *
   * @param keys only those that these keys need; default: all
   */
  ready(keys?: Iterable<ServiceKey>): Promise<void> {
    return this.#workshop.ready(keys)
  }

  /** Checks the graph of everything bound, and of these classes, without making anything; gives every fault, once. */
  verify(classes: Iterable<AbstractConstructor> = []): LimberError[] {
    return this.#workshop.graph.faults([...this.#bindings.keys(), ...classes])
  }

  /** Every binding: its key, its lifetime and who bound it. */
  list(): { key: ServiceKey; lifetime: Lifetime; boundBy: string }[] {
    return [...this.#bindings.all()].map(({ key, lifetime, boundBy }) => ({ key, lifetime, boundBy }))
  }

  /** The inversify container inside. What is bound there is not checked. */
  get raw(): InversifyContainer {
    return this.#workshop.classes.inversify
  }

  /** Runs the registration of a provider: what it binds carries its name, and making is refused. */
  registering(provider: string, register: () => void): void {
    const outer = this.#registering
    this.#registering = provider
    try {
      register()
    } finally {
      this.#registering = outer
    }
  }

  /**
   * Removes everything that one binder has bound, aliased, tagged and swapped, and disposes the singletons that were made
   * of it, newest first. What others hold of it they keep.
   *
   * @param binder the name that was given to `registering`
   */
  async removeBoundBy(binder: string): Promise<void> {
    await this.#workshop.removeBoundBy(binder)
  }

  /**
   * Calls a function whenever a service is asked for or injected; what it throws refuses the service. The path leads from
   * what is being made to the service.
   */
  guard(check: Guard): void {
    this.#workshop.guard = check
  }

  /** Asks the guard about a key, without making anything: for what is handed out under more names than are bound. */
  askGuard(key: string): void {
    this.#workshop.askGuard(key)
  }

  /** Disposes every singleton that was made, newest first. A second call does nothing. */
  async dispose(): Promise<void> {
    this.#disposed = true
    await this.#workshop.lifetimes.dispose()
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
    if (!chosen) {
      const hint = 'Give a factory or a class as the second argument.'
      throw new NotInjectableError(keyName(key), 'nothing says how it is made.', [], hint)
    }
    this.#workshop.connect(key, this.#binder)
    this.#bindings.add(new Binding(key, lifetime, chosen, options, this.#binder))
  }

  #refuseTooEarlyOrLate(key: unknown): void {
    if (this.#registering) throw new MadeWhileRegisteringError(key, this.#registering)
    if (this.#disposed) throw new ContainerDisposedError(key)
  }
}
