/** @module Where a container makes what is asked for, behind its verbs. */
import type { Constructor } from '../support/class-of.ts'
import type { Binding } from './binding.ts'
import type { Bindings } from './bindings.ts'
import { ClassGraph } from './class-graph.ts'
import { ClassMaker } from './class-maker.ts'
import type { BindingNotFoundError } from './errors.ts'
import { Lifetimes } from './lifetimes.ts'
import { activeMakings, currentFrame } from './resolution-frame.ts'
import type { Resolver } from './resolver.ts'
import { keyName, type ServiceKey } from './services.ts'
import { type Swap, Swaps } from './swap.ts'

/**
 * Refuses a service by throwing. The path leads from what is being made to the service; `maker` tells who has bound the
 * service that is being made, for which it is asked.
 */
export type Guard = (
  key: ServiceKey | string,
  path: () => readonly string[],
  maker: () => string | undefined,
) => void

export class Workshop {
  readonly classes = new ClassMaker()
  readonly graph: ClassGraph
  readonly lifetimes: Lifetimes
  guard: Guard | undefined
  readonly #bindings: Bindings
  readonly #swaps = new Swaps()

  constructor(container: object & Resolver, bindings: Bindings) {
    this.#bindings = bindings
    this.graph = new ClassGraph(bindings, (key) => this.classes.isForeign(key))
    this.lifetimes = new Lifetimes(container, this.classes, this.graph)
  }

  /** Makes classes that inject this key get what we make. */
  connect(key: ServiceKey, by: string): void {
    this.classes.connect(key, () => this.obtain(key), by)
    this.graph.reset()
  }

  obtain(key: ServiceKey): unknown {
    if (this.guard) this.askGuard(this.#bindings.target(key))
    const swap = this.#swaps.isEmpty ? undefined : this.#swaps.find(this.#bindings.target(key))
    if (swap) return swap.value
    const binding = this.#bindings.find(key)
    if (binding) return this.lifetimes.obtain(binding)
    if (typeof key === 'function') return this.lifetimes.construct(key as Constructor)
    if (this.classes.isForeign(key)) return this.classes.inversify.get(key)
    throw this.#notFound(key)
  }

  async obtainAsync(key: ServiceKey): Promise<unknown> {
    const binding = this.#bindings.find(key)
    if (binding && !this.#swaps.find(binding.key)) {
      if (this.guard) this.askGuard(binding.key)
      return this.lifetimes.obtainAsync(binding)
    }
    if (!binding && this.classes.isForeign(key)) return this.classes.inversify.getAsync(key)
    return this.obtain(key)
  }

  askGuard(key: ServiceKey | string): void {
    if (currentFrame().isUnguarded) return
    this.guard?.(key, () => [...this.lifetimes.pathTo(), keyName(key)], binderOfMaking)
  }

  /** Makes the asynchronous singletons; with keys only those that these keys need. */
  async ready(keys?: Iterable<ServiceKey>): Promise<void> {
    const wanted = keys ? this.graph.reach(keys) : undefined
    for (const binding of this.#bindings.all()) {
      if (binding.lifetime !== 'singleton' || !binding.isAsync || this.#swaps.find(binding.key)) continue
      if (!wanted || wanted.has(binding.key)) await this.lifetimes.obtainAsync(binding)
    }
  }

  swap<T>(key: ServiceKey, value: T, by: string): Swap<T> {
    const target = this.#bindings.target(key)
    if (typeof target !== 'function') this.bindingOf(target)
    this.connect(target, by)
    return this.#swaps.add(target, value)
  }

  async removeBoundBy(binder: string): Promise<void> {
    const before = this.#bindings.keys()
    const removed = this.#bindings.removeBoundBy(binder)
    const after = this.#bindings.keys()
    const gone = [...before].filter((key) => !after.has(key))
    this.#swaps.drop(gone)
    this.classes.disconnect(gone)
    this.classes.forgetClasses()
    this.graph.reset()
    await this.lifetimes.release(removed)
  }

  bindingOf(key: ServiceKey): Binding {
    const binding = this.#bindings.find(key)
    if (!binding) throw this.#notFound(key)
    return binding
  }

  #notFound(key: ServiceKey): BindingNotFoundError {
    return this.#bindings.notFound(key, this.lifetimes.pathTo(key))
  }
}

/** A class that nobody bound belongs to what it is made for. */
function binderOfMaking(): string | undefined {
  for (const { making } of activeMakings(currentFrame()))
    if (typeof making === 'object') return making.boundBy
  return undefined
}
