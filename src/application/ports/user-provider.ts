/** @module Port: finds the users of an application. It is a value, given to `users` in the configuration of auth. */
import type { CurrentUser } from './current-user.ts'

/** What names a user in a session, in a token and in the log. */
export type UserId = string | number

/** All of it runs in the scope that is open. */
export interface UserProvider {
  idOf(user: CurrentUser): UserId
  /** Gives the user; undefined when there is none, also for an id that no user could have. */
  findById(id: UserId): Promise<CurrentUser | undefined>
  /** @param login what people type to say who they are: an address, a name */
  findByLogin(login: string): Promise<CurrentUser | undefined>
  /** The hash of the password; undefined for those who cannot log in by password. */
  passwordHashOf(user: CurrentUser): string | undefined
  /** Gives the user a new hash. It is kept with the unit of work. */
  changePasswordHash(user: CurrentUser, hash: string): void | Promise<void>
}
