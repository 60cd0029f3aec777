/** @module Who has logged in, as a session remembers it. */
import type { ClientSession } from '../../application/ports/client-session.ts'
import type { CurrentUser } from '../../application/ports/current-user.ts'
import type { UserId, UserProvider } from '../../application/ports/user-provider.ts'
import { Hasher } from '../hash/hasher.ts'

const KEY = 'limber.login'
const sha256 = new Hasher('sha256')

interface Login {
  readonly id: UserId
  /** Of the hash of the password: another password ends the sessions that began with this one. */
  readonly digest: string
}

/** Remembers who has logged in, under a new id, so that whoever knew the old one has nothing. */
export async function rememberLogin(
  session: ClientSession,
  user: CurrentUser,
  users: UserProvider,
): Promise<void> {
  await session.regenerate()
  const login: Login = { id: users.idOf(user), digest: sha256.digest(passwordOf(user, users)) }
  session.set(KEY, login)
}

/** Gives who has logged in; undefined when nobody has, or when it counts no longer. */
export async function userOfSession(
  session: ClientSession | undefined,
  users: UserProvider,
): Promise<CurrentUser | undefined> {
  const login = loginOf(session)
  if (!login) return undefined
  const user = await users.findById(login.id)
  return user && sha256.matches(passwordOf(user, users), login.digest) ? user : undefined
}

function passwordOf(user: CurrentUser, users: UserProvider): string {
  return users.passwordHashOf(user) ?? ''
}

/** Nobody but us should have written there; what else is found is nobody. */
function loginOf(session: ClientSession | undefined): Login | undefined {
  const value = session?.get(KEY)
  if (typeof value !== 'object' || value === null) return undefined
  const id: unknown = Reflect.get(value, 'id')
  const digest: unknown = Reflect.get(value, 'digest')
  const isId = typeof id === 'string' || typeof id === 'number'
  return isId && typeof digest === 'string' ? { id, digest } : undefined
}
