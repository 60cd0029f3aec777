/** @module When a service is made anew and when it is shared: transient, scoped, singleton; also asynchronously. */
import type { Constructor } from '../support/class-of.ts'
import type { Binding, Decorate } from './binding.ts'
import { Builder } from './builder.ts'
import type { ClassGraph } from './class-graph.ts'
import type { ClassMaker } from './class-maker.ts'
import { AsyncServiceError, CaptiveDependencyError, OutsideScopeError } from './errors.ts'
import { MakingPath } from './making-path.ts'
import {
  activeMakings,
  currentFrame,
  findScope,
  makingFrame,
  type ResolutionFrame,
} from './resolution-frame.ts'
import type { Resolver } from './resolver.ts'
import type { ServiceScope } from './service-scope.ts'
import { keyName, type ServiceKey } from './services.ts'
import type { Made, Shelf } from './shelf.ts'
import { Singletons } from './singletons.ts'

export class Lifetimes {
  readonly #container: object & Resolver
  readonly #path: MakingPath
  readonly #builder: Builder
  readonly #singletons = new Singletons()

  constructor(container: object & Resolver, classes: ClassMaker, graph: ClassGraph) {
    this.#container = container
    this.#path = new MakingPath(graph)
    this.#builder = new Builder(container, classes, graph, this.#path)
  }

  /** Gives the service at once. */
  obtain(binding: Binding): unknown {
    if (binding.lifetime === 'transient')
      return this.#atOnce(binding, this.#builder.build(binding, this.#frameFor(binding)))
    const shelf = this.#shelfOf(binding)
    const made = shelf.find(binding)
    if (made && !made.pending) return made.value
    if (made || binding.isAsync) {
      this.#path.refuseCircle(binding, currentFrame())
      throw this.#notReady(binding)
    }
    return this.#atOnce(binding, this.#makeShared(binding, shelf))
  }

  /** Gives the service once it is ready; all who ask meanwhile share the same promise. */
  async obtainAsync(binding: Binding): Promise<unknown> {
    if (binding.lifetime === 'transient') return this.#builder.build(binding, this.#frameFor(binding))
    const shelf = this.#shelfOf(binding)
    const made = shelf.find(binding)
    if (!made) return this.#makeShared(binding, shelf)
    if (made.pending) this.#path.refuseCircle(binding, currentFrame())
    if (made.making) this.#path.wait(made.making)
    return made.pending ?? made.value
  }

  /** Makes an instance of a class that nobody bound. */
  construct(type: Constructor): unknown {
    return this.#builder.construct(type)
  }

  /** Decorates a singleton that was made before the decoration was known. */
  decorateMade(binding: Binding, decorate: Decorate): void {
    if (binding.lifetime === 'transient' || binding.lifetime === 'scoped') return
    const made = this.#singletons.find(binding)
    if (made && !made.pending) made.value = decorate(made.value, this.#container)
  }

  /** The services that are being made here, down to the one that is asked for. */
  pathTo(...keys: ServiceKey[]): string[] {
    return [...this.#path.names(), ...keys.map(keyName)]
  }

  /** Disposes the singletons of these bindings, newest first. */
  release(bindings: readonly Binding[]): Promise<void> {
    return this.#singletons.release(new Set(bindings))
  }

  dispose(): Promise<void> {
    return this.#singletons.dispose()
  }

  #shelfOf(binding: Binding): Shelf {
    return binding.lifetime === 'scoped' ? this.#openScope(binding) : this.#singletons
  }

  #openScope(binding: Binding): ServiceScope {
    const scope = findScope(this.#container)
    if (scope) return scope
    const frame = currentFrame()
    const path = this.#path.names(frame, binding)
    const holder = frame.scope === null ? activeMakings(frame).findLast(isSingleton)?.making : undefined
    if (holder && 'key' in holder) {
      throw new CaptiveDependencyError(keyName(holder.key), keyName(binding.key), path)
    }
    throw new OutsideScopeError(binding.key, path)
  }

  #makeShared(binding: Binding, shelf: Shelf): unknown {
    const frame = this.#frameFor(binding)
    const result = this.#builder.build(binding, frame, shelf)
    if (!(result instanceof Promise)) {
      shelf.keep(binding, { value: result, pending: undefined, making: undefined })
      return result
    }
    const made: Made = { value: undefined, pending: undefined, making: frame }
    made.pending = result.then(
      (value) => {
        Object.assign(made, { value, pending: undefined, making: undefined })
        return value
      },
      (error: unknown) => {
        // A failure is not kept: the next one who asks tries again.
        shelf.forget(binding)
        throw error
      },
    )
    shelf.keep(binding, made)
    return made.pending
  }

  #frameFor(binding: Binding): ResolutionFrame {
    const outer = currentFrame()
    this.#path.refuseCircle(binding, outer)
    return makingFrame(binding, outer, binding.lifetime === 'singleton' ? null : outer.scope)
  }

  #atOnce(binding: Binding, result: unknown): unknown {
    if (!(result instanceof Promise)) return result
    // Nobody awaits this promise: the caller gets the error below, a later makeAsync() the outcome.
    result.catch(() => undefined)
    throw this.#notReady(binding)
  }

  #notReady(binding: Binding): AsyncServiceError {
    return new AsyncServiceError(binding.key, this.#path.names(currentFrame(), binding))
  }
}

function isSingleton({ making }: ResolutionFrame): boolean {
  return typeof making === 'object' && making.lifetime === 'singleton'
}
