/** @module Constructs classes with inversify, and hands it our bindings for what they inject. */
import { Container as InversifyContainer } from 'inversify'
import type { Constructor } from '../support/class-of.ts'
import type { ServiceKey } from './services.ts'

export class ClassMaker {
  readonly inversify = new InversifyContainer({ autobind: true })
  readonly #identifiers = new Map<Constructor, symbol>()

  /** Makes inversify ask us whenever a class injects this key. */
  connect(key: ServiceKey, obtain: () => unknown): void {
    if (this.inversify.isBound(key)) this.inversify.unbind(key)
    this.inversify.bind(key).toDynamicValue(obtain)
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
