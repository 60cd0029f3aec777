/** @module Who this unit of work is for, and what they may do. */
import type { Application } from '../application/application.ts'
import type { CurrentUser } from '../application/ports/current-user.ts'
import type { UserId, UserProvider } from '../application/ports/user-provider.ts'
import type { Scope } from '../application/scope.ts'
import { unguarded } from '../container/resolution-frame.ts'
import type { ApiKeyFacts } from './api-keys/api-keys.ts'
import { AuthOffError, ForbiddenError, InvalidCredentialsError, UnauthenticatedError } from './errors.ts'
import type { Evidence } from './evidence.ts'
import { challengesOf } from './guards/challenge.ts'
import { identityAround, noteIdentity } from './identities.ts'
import { rememberLogin } from './logins/login-session.ts'
import type { Credentials } from './logins/logins.ts'
import type { TokenOptions } from './tokens/tokens.ts'
import { usersOf } from './users-of.ts'

/**
 * Knows the user of the scope that is open: `app.make('auth')`, or `@inject('auth')`.
 *
 * @example
 * ```ts
 * import { inject, injectable } from 'limber'
 * import type { Auth } from 'limber/auth'
 *
 * class Book {}
 *
 * @injectable()
 * export class BooksController {
 *   constructor(@inject('auth') private readonly auth: Auth) {}
 *
 *   async store() {
 *     await this.auth.authorise('store', Book) // 401 for guests, 403 for users who may not
 *   }
 * }
 * ```
 */
export class Auth {
  readonly #app: Application
  readonly #users: UserProvider
  readonly #scope: Scope | undefined
  #user: CurrentUser | undefined
  #evidence: Evidence | undefined
  /** Whether it is settled here whom this is for. */
  #isKnown = false
  #finding: Promise<CurrentUser | undefined> | undefined

  constructor(app: Application) {
    this.#app = app
    this.#users = usersOf(app)
    this.#scope = app.currentScope()
  }

  /**
   * The user whom a guard, `login()` or `actAs()` has made known in this scope. In scopes inside of it, and in those of
   * messages, it is undefined until `findUser()` has read the user in their own session.
   */
  get user(): CurrentUser | undefined {
    return this.#user
  }

  /** How a guard of this scope knows the user: what the key is good for, what the token says. */
  get evidence(): Evidence | undefined {
    return this.#evidence
  }

  /**
   * Gives the user, whom it reads in the session of this scope where another one has made them known: that around it, or
   * the request that opened the connection of this message. Undefined for guests, and for users who are gone by now.
   */
  async findUser(): Promise<CurrentUser | undefined> {
    if (this.#isKnown) return this.#user
    this.#finding ??= this.#readUser().finally(() => {
      this.#finding = undefined
    })
    return this.#finding
  }

  /** Gives the user. @throws {UnauthenticatedError} for guests */
  authorise(): Promise<CurrentUser>
  /**
   * Gives the user, when a policy lets them do something.
   *
   * @param subject the thing, or its class where there is none yet
   * @throws {UnauthenticatedError} for guests who may not @throws {ForbiddenError} for users who may not
   */
  authorise(action: string, subject: object): Promise<CurrentUser | undefined>
  async authorise(action?: string, subject: object = {}): Promise<CurrentUser | undefined> {
    const user = await this.findUser()
    if (action !== undefined && (await this.can(action, subject))) return user
    if (!user) throw new UnauthenticatedError(challengesOf(this.#app))
    if (action === undefined) return user
    throw new ForbiddenError(action, typeof subject === 'function' ? subject.name : subject.constructor.name)
  }

  /**
   * Says whether a policy lets the user do something. What no policy knows is an error.
   *
   * @throws {PolicyFileError} @throws {PolicyNotFoundError} @throws {UnknownActionError} @throws {PolicyAnswerError}
   */
  async can(action: string, subject: object): Promise<boolean> {
    const user = await this.findUser()
    // Policies are of the application, whoever asks them.
    return unguarded(() => this.#app.make('auth.policies').allows(user, action, subject))
  }

  async cannot(action: string, subject: object): Promise<boolean> {
    return !(await this.can(action, subject))
  }

  /**
   * Gives the user of a login and a password, as often as may be tried. It does not log in: call `login()`, or issue a token.
   *
   * @throws {InvalidCredentialsError} and an error of the kind `too-many`
   */
  async attempt(credentials: Credentials): Promise<CurrentUser> {
    const user = await this.#app.make('auth.logins').find(credentials, this.#request?.ip)
    if (!user) throw new InvalidCredentialsError(challengesOf(this.#app))
    return user
  }

  /**
   * Remembers a user in the session of the browser, under a new id.
   *
   * @throws {AuthOffError} where there is no session
   */
  async login(user: CurrentUser): Promise<void> {
    const session = this.#request?.session
    if (!session) throw new AuthOffError('auth.login()', '"sessions" in config/http.ts')
    await rememberLogin(session, user, this.#users)
    this.admit(user, { guard: 'session' })
  }

  /** Ends the session of the browser, and knows nobody from here on. */
  async logout(): Promise<void> {
    await this.#request?.session?.destroy()
    this.#settle(undefined, undefined)
  }

  /**
   * Makes a user known without any proof: for commands, bots, jobs and tests. `undefined` is a guest. Scopes inside of this
   * one know the user as well; requests do not.
   */
  actAs(user: CurrentUser | undefined): void {
    this.#settle(user, undefined)
  }

  /** Makes a user known who has shown it: for guards. `request.user` is that user from here on. */
  admit(user: CurrentUser, evidence: Evidence): void {
    this.#settle(user, evidence)
  }

  /**
   * Issues an API key. It is kept with the unit of work, and cannot be read again.
   *
   * @throws {ApiKeyNotIssuedError} @throws {AuthOffError}
   */
  async issueApiKey(facts: ApiKeyFacts): Promise<string> {
    const keys = this.#app.make('auth.keys')
    if (!keys) throw new AuthOffError('auth.issueApiKey()', '"apiKeys" in config/auth.ts')
    return keys.issue(facts)
  }

  /** Issues a JSON Web Token. @throws {TokenNotIssuedError} @throws {AuthOffError} */
  async issueToken(user: CurrentUser, options?: TokenOptions): Promise<string> {
    const tokens = this.#app.make('auth.tokens')
    if (!tokens) throw new AuthOffError('auth.issueToken()', '"jwt" in config/auth.ts')
    return tokens.issue(String(this.#users.idOf(user)), options)
  }

  /** Bound where there is HTTP, and undefined in scopes that no request has opened. Whoever asks for users may not ask for it. */
  get #request() {
    const find = () => (this.#app.has('http.request') ? this.#app.make('http.request') : undefined)
    return unguarded(find)
  }

  #settle(user: CurrentUser | undefined, evidence: Evidence | undefined): void {
    this.#user = user
    this.#evidence = evidence
    this.#isKnown = true
    const id = user && this.#users.idOf(user)
    if (this.#scope) noteIdentity(this.#scope, id)
    this.#scope?.note({ user: id })
    // Not from a scope inside: the request may be for somebody else. Only HTTP gives scopes an origin.
    const request = this.#scope?.hasOwnOrigin && this.#request
    if (request) request.user = user
  }

  async #readUser(): Promise<CurrentUser | undefined> {
    const id = this.#knownId()
    const user = id === undefined ? undefined : await this.#users.findById(id)
    // Somebody may have logged in or out meanwhile.
    if (this.#isKnown) return this.#user
    this.#user = user
    this.#isKnown = true
    if (id !== undefined) this.#scope?.note({ user: id })
    return user
  }

  #knownId(): UserId | undefined {
    const around = identityAround(this.#scope)
    if (around !== undefined) return around ?? undefined
    const user = this.#request?.user
    return user && this.#users.idOf(user)
  }
}
