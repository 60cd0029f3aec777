/** @module What the factories of one run share: the source of chance, and how far each sequence is. */
import type { Faker } from '@faker-js/faker'
import { FakerMissingError } from './errors.ts'

export class FactoryRun {
  readonly #seed: number | undefined
  readonly #sequences = new Map<object, number>()
  #faker: Faker | undefined
  #missing: unknown

  constructor(seed?: number) {
    this.#seed = seed
  }

  /** Loads faker unless it is loaded. That it is missing matters to those who use it only. */
  async prepare(): Promise<void> {
    if (this.#faker || this.#missing) return
    try {
      const { base, en, Faker } = await import('@faker-js/faker')
      const seed = this.#seed === undefined ? {} : { seed: this.#seed }
      this.#faker = new Faker({ locale: [en, base], ...seed })
      // A seed repeats nothing that counts from now.
      if (this.#seed !== undefined) this.#faker.setDefaultRefDate('2026-01-01T00:00:00.000Z')
    } catch (error) {
      this.#missing = error
    }
  }

  /** @throws {FakerMissingError} */
  get faker(): Faker {
    if (!this.#faker) throw new FakerMissingError(this.#missing)
    return this.#faker
  }

  /** The next number of a factory, from 1. */
  next(factory: object): number {
    const number = (this.#sequences.get(factory) ?? 0) + 1
    this.#sequences.set(factory, number)
    return number
  }
}
