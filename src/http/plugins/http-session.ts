/** @module The session of one request, as handlers use it. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { InvalidReplyError } from '../replies/errors.ts'
import type { CookieScope } from './cookie-options.ts'
import { SessionEndedError } from './errors.ts'
import { type StoredSession, withChanges } from './session-records.ts'

/**
 * Maps what is kept in a session to its type. Add to it where a value is set.
 *
 * @example
 * ```ts
 * declare module 'limber/http' {
 *   interface SessionValues {
 *     locale: string
 *   }
 * }
 * ```
 */
// biome-ignore lint/suspicious/noEmptyInterface: it is empty here and filled by augmentation.
export interface SessionValues {}

/** What has been written in it is kept when the unit of work of the request is: a reply of 400 and above keeps nothing. */
export class HttpSession {
  readonly #request: FastifyRequest
  readonly #reply: FastifyReply
  readonly #cookie: CookieScope & { readonly name: string }
  /** What it held before the request wrote in it. */
  #before: StoredSession['values']

  constructor(request: FastifyRequest, reply: FastifyReply, cookie: CookieScope & { readonly name: string }) {
    this.#request = request
    this.#reply = reply
    this.#cookie = cookie
    this.#before = storedIn(request)?.values
  }

  /** Gives a copy of a value; undefined when it is not there. */
  get<K extends keyof SessionValues>(key: K): SessionValues[K] | undefined {
    const values = this.#stored().values ?? {}
    const json = Object.hasOwn(values, key) ? values[key] : undefined
    // Only set() writes values, and it takes those that are declared for the key.
    return json === undefined ? undefined : (JSON.parse(json) as SessionValues[K])
  }

  has(key: keyof SessionValues): boolean {
    return Object.hasOwn(this.#stored().values ?? {}, key)
  }

  /**
   * Keeps a value as JSON: a date comes back as a text.
   *
   * @throws {InvalidReplyError} when no browser would take the cookie of the session
   * @throws {SessionEndedError} after `destroy()`
   */
  set<K extends keyof SessionValues>(key: K, value: SessionValues[K]): void {
    const json: string | undefined = JSON.stringify(value)
    if (json === undefined) this.delete(key)
    else this.#write([...this.#entries().filter(([name]) => name !== key), [key, json]])
  }

  delete(key: keyof SessionValues): void {
    if (this.has(key)) this.#write(this.#entries().filter(([name]) => name !== key))
  }

  /** Gives a value and forgets it: for what the next page shows once. */
  take<K extends keyof SessionValues>(key: K): SessionValues[K] | undefined {
    const value = this.get(key)
    this.delete(key)
    return value
  }

  /**
   * Goes on under a new id, with the same values. Call it when somebody logs in: whoever knew the old id has nothing then. It
   * happens at once, whatever becomes of the request.
   *
   * @throws {SessionEndedError} after `destroy()`
   */
  async regenerate(): Promise<void> {
    this.#refuseLate()
    const { createdAt, loaded, values } = this.#stored()
    if (createdAt !== undefined) {
      // Another request may have ended it meanwhile, by a logout: nothing of it may come back under the new id.
      await this.#request.session.reload()
      const found = this.#stored()
      this.#before = found.values
      found.values = withChanges(found.values, loaded, values)
    }
    // Typed by the plugin as names of what others have declared for it.
    await this.#request.session.regenerate(['values'] as never[])
  }

  /** Ends the session, and takes its cookie away. It happens at once, whatever becomes of the request. */
  async destroy(): Promise<void> {
    if (!storedIn(this.#request)) return
    await this.#request.session.destroy()
    const { name, ...scope } = this.#cookie
    this.#reply.clearCookie(name, scope)
  }

  /** @throws {SessionEndedError} after `destroy()` */
  refuseEnded(): void {
    this.#stored()
  }

  /** Takes back what the request has written, since it was refused. */
  revert(): void {
    const stored = storedIn(this.#request)
    if (stored) stored.values = this.#before
  }

  #entries(): [string, string][] {
    return Object.entries(this.#stored().values ?? {})
  }

  #write(entries: readonly (readonly [string, string])[]): void {
    this.#refuseLate()
    const stored = this.#stored()
    if (this.#request.session.cookie.secure === true && this.#request.protocol !== 'https') {
      const reason =
        'The session would not be kept: its cookie is for HTTPS only, and the request came over HTTP.'
      throw new InvalidReplyError(`${reason} Behind a proxy, set trustProxy in config/http.ts.`)
    }
    stored.values = Object.fromEntries(entries)
  }

  /** It is kept with the reply, and in a message or a stream that has gone. */
  #refuseLate(): void {
    if (!this.#reply.sent && !this.#reply.raw.headersSent) return
    throw new InvalidReplyError('The session would not be kept: the reply to its request has begun already.')
  }

  #stored(): StoredSession {
    const stored = storedIn(this.#request)
    if (!stored) throw new SessionEndedError()
    return stored
  }
}

/** The object of the plugin; undefined after it was destroyed. */
export function storedIn(request: FastifyRequest): StoredSession | undefined {
  // The plugin keeps whatever stands on its object, and only we write there.
  return (request.session ?? undefined) as StoredSession | undefined
}
