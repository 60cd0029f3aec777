/** @module The cookies that a handler wants to be set: checked at once, sent with its reply, forgotten when it fails. */
import type { FastifyReply } from 'fastify'
import { InvalidReplyError } from '../replies/errors.ts'
import { cookieDefaults } from './cookie-defaults.ts'
import type { CookieOptions, CookieScope } from './cookie-options.ts'

/** What browsers keep at least; a larger cookie they drop without a word. */
const LARGEST = 4096

export class ReplyCookies {
  readonly #reply: FastifyReply
  readonly #send: (() => void)[] = []

  constructor(reply: FastifyReply) {
    this.#reply = reply
  }

  set(name: string, value: string, options: CookieOptions): void {
    const { signed: isSigned, canSign, ...defaults } = cookieDefaults(this.#reply.server, 'response.cookie()')
    const { signed = isSigned, ...rest } = options
    if (signed && !canSign) {
      throw new InvalidReplyError(`The cookie "${name}" cannot be signed: there is no cookies.secret.`)
    }
    const merged = { ...defaults, ...rest }
    if (merged.sameSite === 'none' && merged.secure === false) {
      throw new InvalidReplyError(`Browsers drop the cookie "${name}": sameSite "none" needs secure.`)
    }
    refusePrefix(name, merged)
    const text = signed ? this.#sign(name, value) : value
    this.#refuseInvalid(name, text, merged)
    this.#send.push(() => this.#reply.setCookie(name, text, rest))
  }

  clear(name: string, scope: CookieScope): void {
    cookieDefaults(this.#reply.server, 'response.clearCookie()')
    this.#send.push(() => this.#reply.clearCookie(name, scope))
  }

  send(): void {
    for (const send of this.#send) send()
  }

  /** With its name, so that the value of one cookie is no value of another. */
  #sign(name: string, value: string): string {
    return this.#reply.signCookie(`${name}=${value}`).slice(name.length + 1)
  }

  #refuseInvalid(name: string, value: string, options: CookieOptions): void {
    let length: number
    try {
      length = this.#reply.server.serializeCookie(name, value, { ...options, secure: true }).length
    } catch (error) {
      throw new InvalidReplyError(`HTTP does not allow this cookie "${name}".`, error)
    }
    if (length <= LARGEST) return
    throw new InvalidReplyError(`The cookie "${name}" has ${length} bytes, and browsers keep ${LARGEST}.`)
  }
}

/** What the name of a cookie promises, browsers hold it to. */
function refusePrefix(name: string, { secure, path, domain }: CookieOptions): void {
  const prefix = /^__(?:Host|Secure)-/i.exec(name)?.[0]
  if (!prefix) return
  const isOfHost = prefix.length === '__Host-'.length
  if (secure !== false && !(isOfHost && (path !== '/' || domain !== undefined))) return
  const wanted = isOfHost ? 'secure, the path "/" and no domain' : 'secure'
  throw new InvalidReplyError(`Browsers drop the cookie "${name}": ${prefix} needs ${wanted}.`)
}
