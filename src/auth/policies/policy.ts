/** @module What a policy is: a class that says who may do what with the things of one model. */
import type { CurrentUser } from '../../application/ports/current-user.ts'
import type { AbstractConstructor, Constructor } from '../../support/class-of.ts'

/**
 * Says what may be done with the things of a model. Each method is an action: it gets the user and the thing, or the class
 * where there is no thing yet, and answers `true` or `false`, also later. The container makes the class.
 *
 * @example
 * ```ts
 * import { type Policy } from 'limber/auth'
 *
 * class User {
 *   id!: number
 *   isAdmin!: boolean
 * }
 * class Book {
 *   owner!: number
 * }
 *
 * export class BookPolicy implements Policy<User> {
 *   static readonly model = Book
 *   static readonly guests = ['show']
 *
 *   before(user: User) {
 *     return user.isAdmin || undefined
 *   }
 *   show() {
 *     return true
 *   }
 *   update(user: User, book: Book) {
 *     return book.owner === user.id
 *   }
 * }
 * ```
 */
export type Policy<User extends object = CurrentUser> = object & {
  /** Answers first, for every action of a user; `undefined` leaves it to the action. Guests are not asked for here. */
  before?(user: User, subject: object, action: string): boolean | undefined | Promise<boolean | undefined>
}

export interface PolicyClass extends Constructor<object> {
  /** Whose things it is about; those of its subclasses too, unless they have a policy of their own. */
  readonly model: AbstractConstructor
  /** The actions that are asked for guests as well, whose user is `undefined`; nobody else may do anything as a guest. */
  readonly guests?: readonly string[]
}
