/** @module Finds users by login and password, as often as may be tried. */
import { createHash, randomBytes } from 'node:crypto'
import type { Application } from '../../application/application.ts'
import type { CurrentUser } from '../../application/ports/current-user.ts'
import type { UserProvider } from '../../application/ports/user-provider.ts'
import { usersOf } from '../users-of.ts'
import { DEFAULT_LIMITS, LONGEST_LOGIN } from './login-limits.ts'
import { LoginThrottle } from './login-throttle.ts'

export interface Credentials {
  /** What people type to say who they are. */
  readonly login: string
  readonly password: string
}

/** A user, and the hash that the password fits. */
interface Proof {
  readonly user: CurrentUser
  readonly hash: string
}

export class Logins {
  readonly #app: Application
  readonly #secret = randomBytes(32)
  /** What is being checked just now: a client that sends the same at once is asked to wait for one answer. */
  readonly #checking = new Map<string, Promise<string | undefined>>()

  constructor(app: Application) {
    this.#app = app
  }

  /**
   * Gives the user; undefined for a login that there is not and for a wrong password, after the same time.
   *
   * @param address of the client
   * @throws an error of the kind `too-many`
   */
  async find({ login, password }: Credentials, address?: string): Promise<CurrentUser | undefined> {
    // Clients send more than the types say.
    const credentials = { login: typeof login === 'string' ? login : '', password }
    const key = this.#keyOf([credentials.login, password, address ?? ''])
    const known = this.#checking.get(key)
    // Not awaited where there is none: others would look here before this one is shared.
    const proven = known && (await known.catch(() => undefined))
    if (proven !== undefined) {
      const user = await this.#userOf(credentials.login)
      if (user && this.#users.passwordHashOf(user) === proven) return user
      // It was made anew meanwhile, and kept: they wait for one answer again.
      return this.find(credentials, address)
    }
    const attempt = this.#attempt(credentials, address)
    if (!known) this.#share(key, attempt)
    return (await attempt)?.user
  }

  /** Counts each password that is tried; only the right one is shared by those who send it at the same time. */
  #share(key: string, attempt: Promise<Proof | undefined>): void {
    const checking = attempt.then((proof) => proof?.hash)
    this.#checking.set(key, checking)
    const forget = () => this.#checking.delete(key)
    checking.then(forget, forget)
  }

  async #attempt({ login, password }: Credentials, address?: string): Promise<Proof | undefined> {
    const throttle = await this.#throttle(login, address)
    await throttle?.take()
    const hasher = this.#app.make('hash')
    const user = await this.#userOf(login)
    const hash = user && this.#users.passwordHashOf(user)
    if (hash === undefined) {
      await hasher.pretend(password)
      return undefined
    }
    if (!user || !(await hasher.check(password, hash))) return undefined
    await throttle?.forgive()
    await this.#renew(user, password, hash)
    return { user, hash }
  }

  /** Of what no user can be called, no database is asked. */
  async #userOf(login: string): Promise<CurrentUser | undefined> {
    return isPossible(login) ? this.#users.findByLogin(login) : undefined
  }

  /** A hash that costs less than the configuration asks is made anew, where that may be written. */
  async #renew(user: CurrentUser, password: string, hash: string): Promise<void> {
    const hasher = this.#app.make('hash')
    if (this.#app.currentScope()?.isReadOnly || !hasher.needsRehash(hash)) return
    await this.#users.changePasswordHash(user, await hasher.make(password))
  }

  async #throttle(login: string, address: string | undefined): Promise<LoginThrottle | undefined> {
    const { login: limits = DEFAULT_LIMITS } = this.#app.config.get('auth')
    if (limits === false || !this.#app.has('limiter')) return undefined
    return new LoginThrottle(await this.#app.makeAsync('limiter'), limits, login, address)
  }

  get #users(): UserProvider {
    return usersOf(this.#app)
  }

  #keyOf(parts: readonly string[]): string {
    return createHash('sha256').update(this.#secret).update(JSON.stringify(parts)).digest('base64')
  }
}

function isPossible(login: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: some databases take none of these.
  return login !== '' && login.length <= LONGEST_LOGIN && login.isWellFormed() && !/[\0-\x1f\x7f]/.test(login)
}
