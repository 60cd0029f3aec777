/** @module When a service is made anew and when it is shared: transient, scoped, singleton; also asynchronously. */
import { LimberError } from '../errors/limber-error.ts'
import type { Constructor } from '../support/class-of.ts'
import type { Binding } from './binding.ts'
import type { ClassGraph } from './class-graph.ts'
import type { ClassMaker } from './class-maker.ts'
import { Disposables } from './disposables.ts'
import {
  AsyncServiceError,
  CaptiveDependencyError,
  CircularServiceError,
  OutsideScopeError,
  ServiceFactoryError,
} from './errors.ts'
import {
  currentFrame,
  findScope,
  type MakingStep,
  type ResolutionFrame,
  runInFrame,
} from './resolution-frame.ts'
import type { Resolver } from './resolver.ts'
import type { ServiceScope } from './service-scope.ts'
import { keyName, type ServiceKey } from './services.ts'

/** A shared service: there, or on its way. */
interface Made {
  value: unknown
  pending: Promise<unknown> | undefined
}

/** Where shared services are kept: the container for singletons, a scope for scoped ones. */
interface Shelf {
  find(binding: Binding): unknown
  keep(binding: Binding, made: Made): void
  forget(binding: Binding): void
  onDispose(service: unknown, dispose?: (service: unknown) => unknown): void
}

export class Lifetimes {
  readonly #container: object & Resolver
  readonly #classes: ClassMaker
  readonly #graph: ClassGraph
  readonly #singletons = new Map<Binding, Made>()
  readonly #disposables = new Disposables()
  readonly #shelf: Shelf = {
    find: (binding) => this.#singletons.get(binding),
    keep: (binding, made) => this.#singletons.set(binding, made),
    forget: (binding) => this.#singletons.delete(binding),
    onDispose: (service, dispose) => this.#disposables.add(service, dispose),
  }

  constructor(container: object & Resolver, classes: ClassMaker, graph: ClassGraph) {
    this.#container = container
    this.#classes = classes
    this.#graph = graph
  }

  /** Gives the service at once. */
  obtain(binding: Binding): unknown {
    if (binding.lifetime === 'transient') return this.#atOnce(binding, this.#build(binding))
    const shelf = this.#shelfOf(binding)
    const made = shelf.find(binding) as Made | undefined
    if (made && !made.pending) return made.value
    if (made || binding.isAsync) {
      this.#refuseCircle(binding)
      throw new AsyncServiceError(binding.key, this.#path(currentFrame(), binding))
    }
    return this.#atOnce(binding, this.#makeShared(binding, shelf))
  }

  /** Gives the service once it is ready; all who ask meanwhile share the same promise. */
  async obtainAsync(binding: Binding): Promise<unknown> {
    if (binding.lifetime === 'transient') return this.#build(binding)
    const shelf = this.#shelfOf(binding)
    const made = shelf.find(binding) as Made | undefined
    if (!made) return this.#makeShared(binding, shelf)
    if (made.pending) this.#refuseCircle(binding)
    return made.pending ?? made.value
  }

  forget(binding: Binding): void {
    this.#singletons.delete(binding)
  }

  /** Runs the maker of a class with the class itself on the path. */
  construct(type: Constructor): unknown {
    const frame = currentFrame()
    this.#graph.check(type, this.#path(frame))
    const step: MakingStep = { made: type, active: true }
    try {
      return runInFrame({ scope: frame.scope, steps: [...frame.steps, step] }, () =>
        this.#classes.construct(type),
      )
    } catch (error) {
      throw this.#explain(error, keyName(type), 'The application', [...this.#path(frame), keyName(type)])
    } finally {
      step.active = false
    }
  }

  /** The services that are being made here, down to the one that is asked for. */
  pathTo(key: ServiceKey): string[] {
    return [...this.#path(currentFrame()), keyName(key)]
  }

  dispose(): Promise<void> {
    return this.#disposables.dispose()
  }

  #shelfOf(binding: Binding): Shelf {
    return binding.lifetime === 'scoped' ? this.#openScope(binding) : this.#shelf
  }

  #openScope(binding: Binding): ServiceScope {
    const frame = currentFrame()
    if (frame.scope === null) {
      const holder = frame.steps.find((step) => step.active && isSingleton(step))
      const path = this.#path(frame, binding)
      if (holder) throw new CaptiveDependencyError(stepName(holder), keyName(binding.key), path)
    }
    const scope = findScope(this.#container)
    if (!scope) throw new OutsideScopeError(binding.key, this.#path(frame, binding))
    return scope
  }

  #makeShared(binding: Binding, shelf: Shelf): unknown {
    const result = this.#build(binding)
    if (!(result instanceof Promise)) {
      shelf.keep(binding, { value: result, pending: undefined })
      shelf.onDispose(result, binding.dispose)
      return result
    }
    const made: Made = { value: undefined, pending: undefined }
    made.pending = result.then(
      (value) => {
        made.value = value
        made.pending = undefined
        shelf.onDispose(value, binding.dispose)
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

  #build(binding: Binding): unknown {
    this.#refuseCircle(binding)
    const frame = currentFrame()
    const step: MakingStep = { made: binding, active: true }
    const scope = binding.lifetime === 'singleton' ? null : frame.scope
    const fail = (error: unknown): never => {
      throw this.#explain(error, binding.key, binding.boundBy, this.#path(frame, binding))
    }
    let result: unknown
    try {
      result = runInFrame({ scope, steps: [...frame.steps, step] }, () => this.#create(binding))
    } catch (error) {
      step.active = false
      return fail(error)
    }
    if (result instanceof Promise) return result.catch(fail).finally(() => (step.active = false))
    step.active = false
    return result
  }

  #create(binding: Binding): unknown {
    const service = binding.implementation
      ? this.construct(binding.implementation)
      : binding.factory?.(this.#container)
    if (binding.decorators.length === 0) return service
    const decorate = (value: unknown) =>
      binding.decorators.reduce((inner, decorator) => decorator(inner, this.#container), value)
    return service instanceof Promise ? service.then(decorate) : decorate(service)
  }

  #atOnce(binding: Binding, result: unknown): unknown {
    if (!(result instanceof Promise)) return result
    // Nobody awaits this promise: the caller gets the error below, a later makeAsync() the outcome.
    result.catch(() => undefined)
    throw new AsyncServiceError(binding.key, this.#path(currentFrame(), binding))
  }

  #refuseCircle(binding: Binding): void {
    const { steps } = currentFrame()
    const start = steps.findIndex((step) => step.active && step.made === binding)
    if (start >= 0)
      throw new CircularServiceError(this.#path({ scope: undefined, steps: steps.slice(start) }, binding))
  }

  #explain(error: unknown, key: unknown, boundBy: string, path: readonly string[]): unknown {
    return error instanceof LimberError ? error : new ServiceFactoryError(key, boundBy, path, error)
  }

  /** The names of what is being made, with the classes that lie between a class and what it injects. */
  #path(frame: ResolutionFrame, last?: Binding): string[] {
    const steps = frame.steps.filter((step) => step.active).map((step) => step.made)
    if (last) steps.push(last)
    return steps.flatMap((made, index) => {
      const before = steps[index - 1]
      const name = keyName(keyOf(made))
      if (before === undefined || !isMakerOf(before, made)) {
        const between = typeof before === 'function' ? this.#graph.between(before, keyOf(made)) : []
        return [...between, name]
      }
      return []
    })
  }
}

function isSingleton(step: MakingStep): boolean {
  return typeof step.made !== 'function' && step.made.lifetime === 'singleton'
}

function stepName(step: MakingStep): string {
  return keyName(keyOf(step.made))
}

function keyOf(made: MakingStep['made']): Binding['key'] {
  return typeof made === 'function' ? made : made.key
}

/** Whether the second step is only the class of the first, so that naming both would say it twice. */
function isMakerOf(first: MakingStep['made'], second: MakingStep['made']): boolean {
  return typeof first !== 'function' && typeof second === 'function' && first.key === second
}
