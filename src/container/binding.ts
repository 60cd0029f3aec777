/** @module One bound service: how it is made, how long it lives, and who bound it. */
import { types } from 'node:util'
import { type Constructor, isClass } from '../support/class-of.ts'
import type { Resolver, ServiceFactory } from './resolver.ts'
import type { ServiceKey } from './services.ts'

export type Lifetime = 'transient' | 'scoped' | 'singleton' | 'instance'

export interface BindingOptions<T = unknown> {
  /** The services that the factory asks for, so that the graph can be checked without running it. */
  readonly needs?: readonly ServiceKey[]
  /** Ends a shared service with its scope or its container; default: its own dispose method. */
  readonly dispose?: (service: T) => unknown
}

export type Decorate = (service: unknown, services: Resolver) => unknown

export class Binding {
  readonly key: ServiceKey
  readonly lifetime: Lifetime
  readonly boundBy: string
  /** The class to construct, when the service is a class rather than the result of a factory. */
  readonly implementation: Constructor | undefined
  readonly factory: ServiceFactory<unknown> | undefined
  readonly needs: readonly ServiceKey[]
  readonly dispose: ((service: unknown) => unknown) | undefined
  readonly decorators: Decorate[] = []

  constructor(
    key: ServiceKey,
    lifetime: Lifetime,
    maker: ServiceFactory<unknown> | Constructor,
    options: BindingOptions<never>,
    boundBy: string,
  ) {
    this.key = key
    this.lifetime = lifetime
    this.boundBy = boundBy
    if (isClass(maker)) this.implementation = maker
    else this.factory = maker
    this.needs = options.needs ?? []
    // The option's type was checked against the service's own type where it was bound.
    this.dispose = options.dispose as ((service: unknown) => unknown) | undefined
  }

  /** Whether the factory is declared `async`; a plain function that returns a promise cannot be told apart. */
  get isAsync(): boolean {
    return this.factory !== undefined && types.isAsyncFunction(this.factory)
  }
}
