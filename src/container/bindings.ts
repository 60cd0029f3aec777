/** @module The table of what is bound: keys, aliases and tags, and who bound each of them. */
import type { Binding } from './binding.ts'
import { BindingNotFoundError, CircularServiceError, DuplicateBindingError } from './errors.ts'
import { keyName, type ServiceKey } from './services.ts'

interface Tagged {
  readonly key: ServiceKey
  readonly boundBy: string
}

export class Bindings {
  readonly #bindings = new Map<ServiceKey, Binding>()
  readonly #aliases = new Map<ServiceKey, { target: ServiceKey; boundBy: string }>()
  readonly #tags = new Map<string, Tagged[]>()

  add(binding: Binding): void {
    this.#refuseTaken(binding.key, binding.boundBy)
    this.#bindings.set(binding.key, binding)
  }

  replace(binding: Binding): void {
    this.#bindings.set(binding.key, binding)
  }

  /** @throws {CircularServiceError} when the target is another name of the key itself */
  alias(key: ServiceKey, target: ServiceKey, boundBy: string): void {
    this.#refuseTaken(key, boundBy)
    if (this.target(target) === key) throw new CircularServiceError([key, target, key].map(keyName))
    this.#aliases.set(key, { target, boundBy })
  }

  tag(tag: string, keys: readonly ServiceKey[], boundBy: string): void {
    this.#tags.set(tag, [...(this.#tags.get(tag) ?? []), ...keys.map((key) => ({ key, boundBy }))])
  }

  /** Removes the bindings, aliases and tags of one binder, and gives the bindings. */
  removeBoundBy(binder: string): Binding[] {
    const removed = [...this.#bindings.values()].filter(({ boundBy }) => boundBy === binder)
    for (const { key } of removed) this.#bindings.delete(key)
    for (const [key, { boundBy }] of this.#aliases) if (boundBy === binder) this.#aliases.delete(key)
    for (const [tag, tagged] of this.#tags) {
      const rest = tagged.filter(({ boundBy }) => boundBy !== binder)
      this.#tags.set(tag, rest)
    }
    return removed
  }

  /** Every key that has to lead somewhere: bound, aliased or tagged. */
  keys(): Set<ServiceKey> {
    const tagged = [...this.#tags.values()].flat().map(({ key }) => key)
    return new Set([...this.#bindings.keys(), ...this.#aliases.keys(), ...tagged])
  }

  tagged(tag: string): readonly ServiceKey[] {
    return this.#tags.get(tag)?.map(({ key }) => key) ?? []
  }

  /** Finds the binding of a key, through aliases. */
  find(key: ServiceKey): Binding | undefined {
    return this.#bindings.get(this.target(key))
  }

  /** The key that an alias stands for; any other key stands for itself. */
  target(key: ServiceKey): ServiceKey {
    let target = key
    for (let alias = this.#aliases.get(target); alias; alias = this.#aliases.get(target))
      target = alias.target
    return target
  }

  all(): Iterable<Binding> {
    return this.#bindings.values()
  }

  /** Every string key, aliases included. */
  names(): string[] {
    return [...this.#bindings.keys(), ...this.#aliases.keys()].filter((key) => typeof key === 'string')
  }

  boundBy(key: ServiceKey): string | undefined {
    return this.#bindings.get(key)?.boundBy ?? this.#aliases.get(key)?.boundBy
  }

  /** The error for a key that leads nowhere, at the end of the path on which it was asked for. */
  notFound(key: ServiceKey, path: readonly string[]): BindingNotFoundError {
    const target = this.target(key)
    const whole = target === key ? path : [...path, keyName(target)]
    // Only the suggestions of `names()` are looked up.
    return new BindingNotFoundError(target, whole, this.names(), (name) => this.boundBy(name as ServiceKey))
  }

  #refuseTaken(key: ServiceKey, by: string): void {
    const taken = this.boundBy(key)
    if (taken !== undefined) throw new DuplicateBindingError(key, taken, by)
  }
}
