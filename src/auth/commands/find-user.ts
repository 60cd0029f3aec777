/** @module Finds the user that a command is for. */
import type { Application } from '../../application/application.ts'
import type { CurrentUser } from '../../application/ports/current-user.ts'
import { UserNotFoundError } from '../errors.ts'

/** @throws {UserNotFoundError} */
export async function findUser(app: Application, login: string): Promise<CurrentUser> {
  const user = await app.config.get('auth').users.findByLogin(login)
  if (!user) throw new UserNotFoundError(login)
  return user
}
