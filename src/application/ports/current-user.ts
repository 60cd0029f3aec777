/** @module Port: who the users of an application are. */

/**
 * Names the type of users, which `request.user` and `auth` then have. Add to it where the model is.
 *
 * @example
 * ```ts
 * class User {
 *   email!: string
 * }
 *
 * declare module 'limber' {
 *   interface AuthTypes {
 *     user: User
 *   }
 * }
 * ```
 */
// biome-ignore lint/suspicious/noEmptyInterface: it is empty here and filled by augmentation.
export interface AuthTypes {}

/** A user of this application; any object until the application has said more. */
export type CurrentUser = AuthTypes extends { readonly user: infer User extends object } ? User : object
