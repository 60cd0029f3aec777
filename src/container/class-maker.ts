/** @module Constructs classes with inversify, and hands it our bindings for what they inject. */
import { Container as InversifyContainer } from 'inversify'
import type { Constructor } from '../support/class-of.ts'
import { DuplicateBindingError } from './errors.ts'
import type { ServiceKey } from './services.ts'

export class ClassMaker {
  readonly inversify = new InversifyContainer({ autobind: true })
  readonly #identifiers = new Map<Constructor, symbol>()
  readonly #connected = new Set<ServiceKey>()

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
    }
    return identifier
  }
}
