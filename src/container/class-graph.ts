/** @module Walks what classes and bindings need, before anything is made, and refuses graphs that cannot work. */
import { LimberError } from '../errors/limber-error.ts'
import type { Constructor } from '../support/class-of.ts'
import type { Bindings } from './bindings.ts'
import { type ClassDependency, classDependencies, refuseOwnLifetime } from './class-dependencies.ts'
import { CaptiveDependencyError, CircularServiceError } from './errors.ts'
import { keyName, type ServiceKey } from './services.ts'

interface Walk {
  readonly path: readonly string[]
  readonly open: readonly ServiceKey[]
  /** The longest-lived service on the way here: nothing below it may be scoped. */
  readonly singleton: ServiceKey | undefined
  /** What was visited already, under each such singleton. */
  readonly seen: Map<ServiceKey, Set<ServiceKey | undefined>>
  readonly report: (error: LimberError) => void
}

export class ClassGraph {
  readonly #bindings: Bindings
  readonly #isForeign: (key: ServiceKey) => boolean
  #sound = new Set<ServiceKey>()

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
   *
   * @param path what asks for the key; it is only called for a graph that is not known to be sound
   */
  check(key: ServiceKey, path: () => readonly string[]): void {
    if (this.#sound.has(key)) return
    const report = (error: LimberError) => {
      throw error
    }
    this.#visit(key, this.#walk([...path(), keyName(key)], report))
    this.#sound.add(key)
  }

  /** Gives every fault in the graphs of these keys, each once. */
  faults(keys: Iterable<ServiceKey>): LimberError[] {
    const faults = new Map<string, LimberError>()
    const report = (error: LimberError) => {
      const place = `${error.code} ${error.message} ${error.path.slice(-2).join(' ')}`
      if (!faults.has(place)) faults.set(place, error)
    }
    const { seen } = this.#walk([], report)
    for (const key of keys) this.#visit(key, { ...this.#walk([keyName(key)], report), seen })
    return [...faults.values()]
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

  #walk(path: readonly string[], report: (error: LimberError) => void): Walk {
    return { path, open: [], singleton: undefined, seen: new Map(), report }
  }

  #visit(key: ServiceKey, walk: Walk): void {
    const target = this.#bindings.target(key)
    const binding = this.#bindings.find(target)
    if (!binding && this.#isForeign(target)) return
    const fault = this.#faultOf(key, target, walk)
    if (fault) {
      walk.report(fault)
      return
    }
    const singleton = binding?.lifetime === 'singleton' ? target : walk.singleton
    if (isMarked(walk.seen, target, singleton)) return
    for (const { key: next, optional } of this.#dependencies(target, walk)) {
      if (optional && typeof next === 'string' && !this.#bindings.find(next)) continue
      const path = [...walk.path, keyName(next)]
      this.#visit(next, { ...walk, path, open: [...walk.open, target], singleton })
    }
  }

  /** What makes a key unusable where it is asked for, whatever it needs itself. */
  #faultOf(key: ServiceKey, target: ServiceKey, { path, open, singleton }: Walk): LimberError | undefined {
    const binding = this.#bindings.find(target)
    if (open.includes(target)) return new CircularServiceError(path)
    if (!binding && typeof target !== 'function') return this.#bindings.notFound(key, path)
    if (binding?.lifetime !== 'scoped' || !singleton) return undefined
    return new CaptiveDependencyError(keyName(singleton), keyName(target), path)
  }

  /** What a key needs; a class that cannot be constructed is reported and needs nothing. */
  #dependencies(key: ServiceKey, walk: Walk): ClassDependency[] {
    try {
      if (typeof key === 'function' && !this.#bindings.find(key)) refuseOwnLifetime(key, walk.path)
      return this.#next(key, walk.path)
    } catch (error) {
      if (!(error instanceof LimberError)) throw error
      walk.report(error)
      return []
    }
  }

  #next(key: ServiceKey, path: readonly string[] = [keyName(key)]): ClassDependency[] {
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
}

/** Marks a service as visited under a singleton, and tells whether it was marked before. */
function isMarked(seen: Walk['seen'], key: ServiceKey, singleton: ServiceKey | undefined): boolean {
  const under = seen.get(key) ?? new Set()
  if (under.has(singleton)) return true
  seen.set(key, under.add(singleton))
  return false
}

function constructible(key: ServiceKey): Constructor | undefined {
  // An abstract class that nobody bound fails when it is constructed; until then it is walked like any other.
  return typeof key === 'function' ? (key as Constructor) : undefined
}
