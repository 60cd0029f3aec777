/** @module The base class of models: a numeric id, and soft delete as a switch. */

/**
 * Maps a class to a table whose primary key is a number that the database gives.
 *
 * With `static softDelete = true` a delete sets `deletedAt` instead, and reading leaves the row out. The column is added
 * when the class does not declare it.
 *
 * @example
 * ```ts
 * import { Model } from 'limber/database'
 * import { Entity, Property } from 'limber/database/mapping'
 *
 * @Entity()
 * export class Book extends Model {
 *   static override softDelete = true
 *
 *   @Property()
 *   title!: string
 * }
 * ```
 */
export abstract class Model {
  /** Whether deleting keeps the row. */
  static softDelete = false

  declare id: number
}
