/** @module The base class of models: a numeric id that the database gives. */
import { KeyedModel } from './keyed-model.ts'

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
 *   static override fillable = ['title']
 *
 *   @Property()
 *   title!: string
 * }
 *
 * export async function publish() {
 *   const book = await Book.create({ title: 'Emma' })
 *   await book.update({ title: 'Persuasion' }).save()
 *   await book.destroy()
 * }
 * ```
 */
export abstract class Model extends KeyedModel {
  declare id: number
}
