/** @module A factory: what it makes, in which states, and from which source of chance. */
import type { Faker } from '@faker-js/faker'
import type { RequiredEntityData } from '@mikro-orm/core'
import type { AbstractConstructor } from '../../support/class-of.ts'
import { currentSession } from '../sessions/current-session.ts'
import type { Session } from '../sessions/session.ts'
import { StateNotFoundError } from './errors.ts'
import { FactoryRun } from './factory-run.ts'

export interface FactoryContext {
  readonly faker: Faker
  /** 1 for the first row of this factory, 2 for the second. */
  readonly sequence: number
}

/** The properties of a row; a relation may be a factory, or several of another: `bookFactory.many(3)`. */
export type FactoryData<T> = {
  [K in keyof RequiredEntityData<T>]: RequiredEntityData<T>[K] | Factory<object, string> | Many
}

/** Properties that replace those of the definition. */
export type Overrides<T> = Partial<FactoryData<T>>

export interface Blueprint<T extends object, State extends string> {
  readonly model: AbstractConstructor<T>
  readonly define: (context: FactoryContext) => FactoryData<T>
  readonly states: Readonly<Record<State, (context: FactoryContext) => Overrides<T>>>
}

/** Several rows of another factory, for a collection. */
export class Many {
  readonly count: number
  readonly factory: Factory<object, string>

  constructor(factory: Factory<object, string>, count: number) {
    this.factory = factory
    this.count = count
  }
}

/** What every factory shares that has no seed of its own. */
const common = new FactoryRun()

export class Factory<T extends object, State extends string> {
  readonly #blueprint: Blueprint<T, State>
  readonly #states: readonly State[]
  readonly #run: FactoryRun

  constructor(blueprint: Blueprint<T, State>, states: readonly State[] = [], run: FactoryRun = common) {
    this.#blueprint = blueprint
    this.#states = states
    this.#run = run
  }

  /**
   * Gives a factory whose rows are in these states as well.
   *
   * @throws {StateNotFoundError}
   */
  state(...states: State[]): Factory<T, State> {
    const { model, states: known } = this.#blueprint
    for (const state of states) {
      if (!Object.hasOwn(known, state)) throw new StateNotFoundError(model.name, state, Object.keys(known))
    }
    return new Factory(this.#blueprint, [...this.#states, ...states], this.#run)
  }

  /** Gives a factory that makes the same rows in the same order each time, those of its relations included. */
  seed(seed: number): Factory<T, State> {
    return new Factory(this.#blueprint, this.#states, new FactoryRun(seed))
  }

  /** Stands for several rows, where another factory fills a collection. */
  many(count: number): Many {
    // Whoever fills the collection only makes what comes out of it.
    return new Many(this as unknown as Factory<object, string>, count)
  }

  /** Makes a row in memory, in the session of the scope; nothing is written. */
  make(overrides: Overrides<T> = {}, session?: Session): Promise<T> {
    return this.makeIn(session ?? currentSession(this.#blueprint.model, 'make'), this.#run, overrides)
  }

  /** Makes a row with its relations and inserts them, in the transaction of the scope. */
  async create(overrides: Overrides<T> = {}, session?: Session): Promise<T> {
    const [row] = await this.createMany(1, overrides, session)
    // One was asked for.
    return row as T
  }

  /** Makes several rows and inserts them together. */
  async createMany(count: number, overrides: Overrides<T> = {}, session?: Session): Promise<T[]> {
    const own = session ?? currentSession(this.#blueprint.model, 'create')
    const rows: T[] = []
    for (let i = 0; i < count; i++) rows.push(await this.makeIn(own, this.#run, overrides))
    await own.persist(rows).flush()
    return rows
  }

  /** Makes a row as part of the run of another factory. */
  async makeIn(session: Session, run: FactoryRun, overrides: Overrides<T> = {}): Promise<T> {
    await run.prepare()
    const { model, define, states } = this.#blueprint
    const sequence = run.next(this.#blueprint)
    const context: FactoryContext = {
      sequence,
      get faker() {
        return run.faker
      },
    }
    const data: Record<string, unknown> = { ...define(context) }
    for (const state of this.#states) Object.assign(data, states[state](context))
    Object.assign(data, overrides)
    for (const [name, value] of Object.entries(data)) data[name] = await related(value, session, run)
    // Every factory in the data has become a row: what is left is data of the model.
    return session.create<T>(model, data as RequiredEntityData<T>, { persist: false })
  }
}

async function related(value: unknown, session: Session, run: FactoryRun): Promise<unknown> {
  if (value instanceof Factory) return value.makeIn(session, run)
  if (!(value instanceof Many)) return value
  const rows: object[] = []
  for (let i = 0; i < value.count; i++) rows.push(await value.factory.makeIn(session, run))
  return rows
}
