/** @module The table of what is bound: keys, aliases and tags, and who bound each of them. */
import type { Binding } from './binding.ts'
import { BindingNotFoundError, CircularServiceError, DuplicateBindingError } from './errors.ts'
import { keyName, type ServiceKey } from './services.ts'

export class Bindings {
  readonly #bindings = new Map<ServiceKey, Binding>()
  readonly #aliases = new Map<ServiceKey, { target: ServiceKey; boundBy: string }>()
  readonly #tags = new Map<string, ServiceKey[]>()

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

  tag(tag: string, keys: readonly ServiceKey[]): void {
    this.#tags.set(tag, [...(this.#tags.get(tag) ?? []), ...keys])
  }

  /** Every key that has to lead somewhere: bound, aliased or tagged. */
  keys(): Set<ServiceKey> {
    const tagged = [...this.#tags.values()].flat()
    return new Set([...this.#bindings.keys(), ...this.#aliases.keys(), ...tagged])
  }

  tagged(tag: string): readonly ServiceKey[] {
    return this.#tags.get(tag) ?? []
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
