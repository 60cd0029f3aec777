/** @module What a factory is given: the verbs that ask for services, without those that bind them. */
import type { AbstractConstructor } from '../support/class-of.ts'
import type { ServiceKey, ServiceName, Services, ServicesOf, TagName, Tags } from './services.ts'

export interface Resolver {
  make<K extends ServiceName>(key: K): Services[K]
  make<T>(key: AbstractConstructor<T>): T
  makeAsync<K extends ServiceName>(key: K): Promise<Services[K]>
  makeAsync<T>(key: AbstractConstructor<T>): Promise<T>
  call<const Keys extends readonly ServiceKey[], R>(keys: Keys, fn: (...services: ServicesOf<Keys>) => R): R
  tagged<T extends TagName>(tag: T): Tags[T][]
  has(key: ServiceName | AbstractConstructor): boolean
}

/** Makes a service. It may be asynchronous for singletons and scoped services. */
export type ServiceFactory<T> = (services: Resolver) => T | Promise<T>
