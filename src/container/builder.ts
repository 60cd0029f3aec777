/** @module Makes one service: by its factory or its class, decorated, and with an error that tells the way to it. */
import { LimberError } from '../errors/limber-error.ts'
import type { Constructor } from '../support/class-of.ts'
import type { Binding } from './binding.ts'
import type { ClassGraph } from './class-graph.ts'
import type { ClassMaker } from './class-maker.ts'
import { ServiceFactoryError } from './errors.ts'
import type { MakingPath } from './making-path.ts'
import { currentFrame, makingFrame, type ResolutionFrame, runInFrame } from './resolution-frame.ts'
import type { Resolver } from './resolver.ts'
import type { ServiceKey } from './services.ts'
import type { Shelf } from './shelf.ts'

export class Builder {
  readonly #container: Resolver
  readonly #classes: ClassMaker
  readonly #graph: ClassGraph
  readonly #path: MakingPath

  constructor(container: Resolver, classes: ClassMaker, graph: ClassGraph, path: MakingPath) {
    this.#container = container
    this.#classes = classes
    this.#graph = graph
    this.#path = path
  }

  /** Makes an instance of a class that nobody bound. */
  construct(type: Constructor): unknown {
    const outer = currentFrame()
    this.#path.refuseCircle(type, outer)
    this.#graph.check(type, () => this.#path.names(outer))
    const frame = makingFrame(type, outer)
    try {
      return runInFrame(frame, () => this.#classes.construct(type))
    } catch (error) {
      throw explained(error, type, undefined, this.#path.names(outer, type))
    } finally {
      frame.isActive = false
    }
  }

  /** Makes what a binding says, in a frame of its own; what is kept on a shelf ends with it. */
  build(binding: Binding, frame: ResolutionFrame, shelf?: Shelf): unknown {
    const outer = currentFrame()
    if (binding.implementation || binding.needs.length > 0) {
      this.#graph.check(binding.key, () => this.#path.names(outer))
    }
    const fail = (error: unknown): never => {
      frame.isActive = false
      throw explained(error, binding.key, binding.boundBy, this.#path.names(outer, binding))
    }
    let result: unknown
    try {
      result = runInFrame(frame, () => this.#create(binding, shelf))
    } catch (error) {
      return fail(error)
    }
    if (result instanceof Promise) {
      return result.then((value) => {
        frame.isActive = false
        return value
      }, fail)
    }
    frame.isActive = false
    return result
  }

  #create(binding: Binding, shelf: Shelf | undefined): unknown {
    const service = binding.implementation
      ? this.#classes.construct(binding.implementation)
      : binding.factory?.(this.#container)
    if (!(service instanceof Promise)) return this.#finish(binding, service, shelf)
    return service.then((value) =>
      shelf?.isClosed ? shelf.refuseLate(binding, value) : this.#finish(binding, value, shelf),
    )
  }

  /** Decorates what was made, and sees to its end. */
  #finish(binding: Binding, service: unknown, shelf: Shelf | undefined): unknown {
    const isOurs = shelf !== undefined && binding.lifetime !== 'instance'
    if (isOurs) shelf.endLater(binding, service, binding.dispose)
    if (binding.decorators.length === 0) return service
    const decorated = binding.decorators.reduce(
      (inner, decorate) => decorate(inner, this.#container),
      service,
    )
    // What a decoration wraps ends all the same: it may not pass the end on.
    if (isOurs && decorated !== service) shelf.endLater(binding, decorated)
    return decorated
  }
}

function explained(
  error: unknown,
  key: ServiceKey,
  boundBy: string | undefined,
  path: readonly string[],
): unknown {
  return error instanceof LimberError ? error : new ServiceFactoryError(key, boundBy, path, error)
}
