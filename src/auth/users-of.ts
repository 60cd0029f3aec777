/** @module The users of an application, for code that works for whoever asks it: modules too. */
import type { Application } from '../application/application.ts'
import type { UserProvider } from '../application/ports/user-provider.ts'
import { unguarded } from '../container/resolution-frame.ts'

/** What reads and writes them uses the database of the application, which the asker need not be allowed. */
export function usersOf(app: Application): UserProvider {
  const { users } = app.config.get('auth')
  return {
    idOf: (user) => unguarded(() => users.idOf(user)),
    findById: (id) => unguarded(() => users.findById(id)),
    findByLogin: (login) => unguarded(() => users.findByLogin(login)),
    passwordHashOf: (user) => unguarded(() => users.passwordHashOf(user)),
    changePasswordHash: (user, hash) => unguarded(() => users.changePasswordHash(user, hash)),
  }
}
