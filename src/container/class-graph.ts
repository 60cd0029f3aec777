/** @module Walks what classes and bindings need, before anything is made, and refuses graphs that cannot work. */
import type { Constructor } from '../support/class-of.ts'
import type { Bindings } from './bindings.ts'
import { classDependencies, refuseOwnLifetime } from './class-dependencies.ts'
import { BindingNotFoundError, CaptiveDependencyError, CircularServiceError } from './errors.ts'
import { keyName, type ServiceKey } from './services.ts'

interface Walk {
  readonly path: readonly string[]
  readonly open: readonly ServiceKey[]
  /** The longest-lived service on the way here: nothing below it may be scoped. */
  readonly singleton: string | undefined
}

export class ClassGraph {
  readonly #bindings: Bindings
  readonly #isForeign: (key: ServiceKey) => boolean
  #sound = new Set<string | ServiceKey>()

  /** @param isForeign tells keys that were bound on the raw inversify container: they are trusted, not walked */
  constructor(bindings: Bindings, isForeign: (key: ServiceKey) => boolean) {
    this.#bindings = bindings
    this.#isForeign = isForeign
  }

  /** Forgets what was found sound; called whenever a binding changes. */
  reset(): void {
    if (this.#sound.size > 0) this.#sound = new Set()
  }

  /**
   * Refuses a key whose graph has a missing service, a circle, or a singleton that would hold a scoped service.
   * A sound graph is walked once.
   */
  check(key: ServiceKey, path: readonly string[] = []): void {
    if (this.#sound.has(key)) return
    this.#visit(key, { path: [...path, keyName(key)], open: [], singleton: undefined }, new Set())
    this.#sound.add(key)
  }

  /** The classes between a class and one of its direct or indirect dependencies, both ends left out. */
  between(from: ServiceKey, to: ServiceKey): string[] {
    return this.#search(from, to, new Set())?.slice(0, -1).map(keyName) ?? []
  }

  /** Every key that can be reached from these, through classes and declared needs. */
  reach(keys: Iterable<ServiceKey>): Set<ServiceKey> {
    const reached = new Set<ServiceKey>()
    const queue = [...keys]
    for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
      const target = this.#bindings.target(key)
      if (reached.has(target)) continue
      reached.add(target)
      queue.push(...this.#next(target).map((dependency) => dependency.key))
    }
    return reached
  }

  #visit(key: ServiceKey, walk: Walk, seen: Set<string>): void {
    const target = this.#bindings.target(key)
    if (walk.open.includes(target)) throw new CircularServiceError(walk.path)
    const binding = this.#bindings.find(target)
    const name = keyName(target)
    if (!binding && this.#isForeign(target)) return
    if (!binding && typeof target !== 'function') throw this.#notFound(target, walk.path)
    if (!binding) refuseOwnLifetime(target as Constructor, walk.path)
    if (binding?.lifetime === 'scoped' && walk.singleton) {
      throw new CaptiveDependencyError(walk.singleton, name, walk.path)
    }
    const singleton = binding?.lifetime === 'singleton' ? name : walk.singleton
    const mark = `${name}|${singleton ?? ''}`
    if (seen.has(mark)) return
    seen.add(mark)
    for (const { key: next, optional } of this.#next(target, walk.path)) {
      if (optional && typeof next === 'string' && !this.#bindings.find(next)) continue
      const path = [...walk.path, keyName(next)]
      this.#visit(next, { path, open: [...walk.open, target], singleton }, seen)
    }
  }

  #next(key: ServiceKey, path: readonly string[] = [keyName(key)]): { key: ServiceKey; optional: boolean }[] {
    const binding = this.#bindings.find(key)
    const type = binding ? binding.implementation : constructible(key)
    const needs = binding?.needs.map((need) => ({ key: need, optional: false })) ?? []
    return type ? [...needs, ...classDependencies(type, path)] : needs
  }

  #search(from: ServiceKey, to: ServiceKey, seen: Set<ServiceKey>): ServiceKey[] | undefined {
    if (seen.has(from)) return undefined
    seen.add(from)
    for (const { key } of this.#next(from)) {
      if (this.#bindings.target(key) === to) return [key]
      const rest = this.#search(this.#bindings.target(key), to, seen)
      if (rest) return [key, ...rest]
    }
    return undefined
  }

  #notFound(key: ServiceKey, path: readonly string[]): BindingNotFoundError {
    return new BindingNotFoundError(key, path, this.#bindings.names(), (name) => this.#bindings.boundBy(name))
  }
}

function constructible(key: ServiceKey): Constructor | undefined {
  // An abstract class that nobody bound fails when it is constructed; until then it is walked like any other.
  return typeof key === 'function' ? (key as Constructor) : undefined
}
