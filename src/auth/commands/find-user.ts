/** @module Finds the user that a command is for. */
import type { Application } from '../../application/application.ts'
import type { CurrentUser } from '../../application/ports/current-user.ts'
import { CommandProviderMissingError } from '../../console/errors.ts'
import { UserNotFoundError } from '../errors.ts'
import { usersOf } from '../users-of.ts'

const PROVIDER = { name: 'AuthServiceProvider', from: 'limber/auth' }

/** @throws {CommandProviderMissingError} @throws {UserNotFoundError} */
export async function findUser(app: Application, command: string, login: string): Promise<CurrentUser> {
  // Not said in the definition: what users are kept in has to be ready as well, and only they know what that is.
  if (!app.has('auth')) throw new CommandProviderMissingError(command, PROVIDER)
  const user = await usersOf(app).findByLogin(login)
  if (!user) throw new UserNotFoundError(login)
  return user
}
