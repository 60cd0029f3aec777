/** @module What a handler says about its reply besides the body. Nothing of it is sent when the request fails later. */
import { validateHeaderName, validateHeaderValue } from 'node:http'
import type { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import type { FastifyReply } from 'fastify'
import type { CookieOptions, CookieScope } from '../plugins/cookie-options.ts'
import { ReplyCookies } from '../plugins/reply-cookies.ts'
import { InvalidReplyError } from './errors.ts'

/** They say where a reply ends: two of them, and whoever stands between reads the rest as the next reply. */
const FRAMING = new Set(['content-length', 'transfer-encoding'])

export type HeaderValue = string | number | readonly string[]

/** What goes over the wire. */
export type Payload = string | Uint8Array | Readable | ReadableStream | undefined

export class HttpResponse {
  /** Fastify's reply, for what is not here. A handler that sends with it answers before its work is committed. */
  readonly raw: FastifyReply
  #status: number | undefined
  #headers: Map<string, HeaderValue> | undefined
  #cookies: ReplyCookies | undefined

  constructor(raw: FastifyReply) {
    this.raw = raw
  }

  /**
   * Sets the status. From 400 on, everything the request has written is rolled back; the body is sent all the same.
   *
   * @throws {InvalidReplyError} when it is not a status that ends a request
   */
  status(code: number): this {
    if (!isFinalStatus(code)) throw new InvalidReplyError(`${code} is not a status from 200 to 599.`)
    this.#status = code
    return this
  }

  /**
   * Sets a header.
   *
   * @throws {InvalidReplyError} when HTTP does not allow the name or the value, or the server sets it itself
   */
  header(name: string, value: HeaderValue): this {
    if (FRAMING.has(name.toLowerCase())) {
      throw new InvalidReplyError(
        `The header "${name}" is set by the server, which knows how it sends the body.`,
      )
    }
    try {
      validateHeaderName(name)
      for (const text of Array.isArray(value) ? value : [String(value)]) validateHeaderValue(name, text)
    } catch (error) {
      throw new InvalidReplyError(`HTTP does not allow this header "${name}".`, error)
    }
    this.#headers ??= new Map()
    this.#headers.set(name.toLowerCase(), value)
    return this
  }

  /**
   * Sets a cookie, with the defaults of the configuration.
   *
   * @throws {InvalidReplyError} when no browser would take it
   * @throws {AbilityOffError} when cookies are not configured
   */
  cookie(name: string, value: string, options: CookieOptions = {}): this {
    this.#cookies ??= new ReplyCookies(this.raw)
    this.#cookies.set(name, value, options)
    return this
  }

  /**
   * Takes a cookie away. The path and the domain have to be those it was set with.
   *
   * @throws {AbilityOffError} when cookies are not configured
   */
  clearCookie(name: string, scope: CookieScope = {}): this {
    this.#cookies ??= new ReplyCookies(this.raw)
    this.#cookies.clear(name, scope)
    return this
  }

  /** The status that the handler has chosen, here or on the raw reply. */
  get chosenStatus(): number | undefined {
    return this.#status ?? (this.raw.statusCode === 200 ? undefined : this.raw.statusCode)
  }

  /** Whether the handler refuses the request, so that nothing it wrote may stay. */
  get isRefusal(): boolean {
    return (this.chosenStatus ?? 200) >= 400
  }

  has(header: string): boolean {
    return this.#headers?.has(header) === true || this.raw.hasHeader(header)
  }

  /** Sends the reply: the work is committed, or rolled back. */
  send(status: number, payload: Payload): void {
    this.raw.code(status)
    for (const [name, value] of this.#headers ?? []) this.raw.header(name, value)
    this.#cookies?.send()
    this.raw.send(payload)
  }
}

export function isFinalStatus(code: number): boolean {
  return Number.isInteger(code) && code >= 200 && code <= 599
}
