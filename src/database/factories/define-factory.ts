/** @module Defines a factory. */
import type { AbstractConstructor } from '../../support/class-of.ts'
import { type Blueprint, Factory, type FactoryContext, type FactoryData } from './factory.ts'

export type { FactoryContext, FactoryData } from './factory.ts'

/** What a row looks like, unless something else is asked for. */
export type Definition<T> = (context: FactoryContext) => FactoryData<T>

/**
 * Defines how rows of a model are made up, for tests and seeders.
 *
 * @example
 * ```ts
 * import { Model } from 'limber/database'
 * import { defineFactory } from 'limber/database/factories'
 * import { Entity, Property } from 'limber/database/mapping'
 *
 * @Entity()
 * class User extends Model {
 *   @Property() name!: string
 *   @Property() email!: string
 *   @Property() admin!: boolean
 * }
 *
 * export const userFactory = defineFactory(
 *   User,
 *   ({ faker, sequence }) => ({ name: faker.person.fullName(), email: `user${sequence}@example.com`, admin: false }),
 *   { admin: () => ({ admin: true }) },
 * )
 *
 * export async function people() {
 *   const ada = await userFactory.state('admin').create({ name: 'Ada' })
 *   return [ada, ...(await userFactory.createMany(3))]
 * }
 * ```
 */
export function defineFactory<T extends object, State extends string = never>(
  model: AbstractConstructor<T>,
  define: Definition<NoInfer<T>>,
  states?: Blueprint<NoInfer<T>, State>['states'],
): Factory<T, State> {
  // Without states the type has no state to ask for.
  return new Factory({ model, define, states: states ?? ({} as Blueprint<T, State>['states']) })
}
