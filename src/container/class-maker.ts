/** @module Constructs classes with inversify, and hands it our bindings for what they inject. */
import { Container as InversifyContainer } from 'inversify'
import { type Constructor, isClass } from '../support/class-of.ts'
import { classDependencies } from './class-dependencies.ts'
import { DuplicateBindingError } from './errors.ts'
import type { ServiceKey } from './services.ts'

export class ClassMaker {
  readonly inversify = new InversifyContainer({ autobind: true })
  readonly #identifiers = new Map<Constructor, symbol>()
  readonly #connected = new Set<ServiceKey>()
  /** The classes that inversify bound itself, since a class that it constructed injects them. */
  readonly #autobound = new Set<Constructor>()

  /**
   * Makes inversify ask us whenever a class injects this key.
   *
   * @throws {DuplicateBindingError} when the name was bound on the inversify container by hand
   */
  connect(key: ServiceKey, obtain: () => unknown, by: string): void {
    if (this.#connected.has(key)) return
    if (this.isForeign(key)) throw new DuplicateBindingError(key, 'the inversify container', by)
    // A class may be there because inversify bound it itself when it was first constructed.
    if (this.inversify.isCurrentBound(key)) this.inversify.unbind(key)
    this.inversify.bind(key).toDynamicValue(obtain)
    this.#connected.add(key)
  }

  /** Makes inversify ask us for these keys no more. */
  disconnect(keys: Iterable<ServiceKey>): void {
    for (const key of keys) {
      if (this.#connected.delete(key)) this.inversify.unbind(key)
    }
  }

  /** Forgets every class that nobody bound: one that is gone is held no longer, any other is met again when it is made. */
  forgetClasses(): void {
    for (const identifier of this.#identifiers.values()) this.inversify.unbind(identifier)
    this.#identifiers.clear()
    for (const type of this.#autobound) {
      if (!this.#connected.has(type) && this.inversify.isCurrentBound(type)) this.inversify.unbind(type)
    }
    this.#autobound.clear()
    this.#forgetPlans()
  }

  /**
   * inversify keeps how it made a class, and what waits for an activation of it, when the class is unbound. A snapshot has
   * neither.
   */
  #forgetPlans(): void {
    this.inversify.snapshot()
    this.inversify.restore()
  }

  /** Whether a name was bound on the inversify container by hand. */
  isForeign(key: ServiceKey): boolean {
    return typeof key !== 'function' && !this.#connected.has(key) && this.inversify.isCurrentBound(key)
  }

  /** Constructs a new instance. Its graph has been checked. */
  construct<T>(type: Constructor<T>): T {
    return this.inversify.get<T>(this.#identifier(type))
  }

  /** A private name for constructing the class itself: its own key may be bound to something else. */
  #identifier(type: Constructor): symbol {
    let identifier = this.#identifiers.get(type)
    if (!identifier) {
      identifier = Symbol(type.name)
      this.#identifiers.set(type, identifier)
      this.inversify
        .bind(identifier)
        .to(type as never)
        .inTransientScope()
      this.#noteAutobound(type)
    }
    return identifier
  }

  #noteAutobound(type: Constructor): void {
    for (const { key } of classDependencies(type, [type.name])) {
      if (!isClass(key) || this.#autobound.has(key) || this.inversify.isCurrentBound(key)) continue
      this.#autobound.add(key)
      this.#noteAutobound(key)
    }
  }
}
