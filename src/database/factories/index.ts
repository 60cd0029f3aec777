/** @module limber/database/factories: rows for tests and seeders. Faker is loaded with the first row, if it is there. */

export { type Definition, defineFactory, type FactoryContext, type FactoryData } from './define-factory.ts'
export { FakerMissingError, StateNotFoundError } from './errors.ts'
export type { Factory, Many } from './factory.ts'
