/** @module Fills a database with data; it may be run again. */
import type { Session } from '../sessions/session.ts'
import type { Seeding } from './seeding.ts'

/**
 * Fills the database in one unit of work. Constructed by the container, so it can inject services; others are called with
 * `seeding.call(OtherSeeder)`, which tells how long each took.
 *
 * Write it so that a second run changes nothing.
 *
 * @example
 * ```ts
 * import { type Session, Seeder } from 'limber/database'
 *
 * class Country {
 *   id!: number
 *   name!: string
 * }
 *
 * export class DatabaseSeeder extends Seeder {
 *   async run(session: Session) {
 *     await session.upsert(Country, { id: 1, name: 'Iceland' })
 *   }
 * }
 * ```
 */
export abstract class Seeder {
  abstract run(session: Session, seeding: Seeding): Promise<void>
}

export type SeederClass = new (...args: never[]) => Seeder
