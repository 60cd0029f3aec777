/** @module A request as guards and services of other rooms see it. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Application } from '../../application/application.ts'
import type { ClientRequest } from '../../application/ports/client-request.ts'
import type { ClientSession } from '../../application/ports/client-session.ts'
import type { CurrentUser } from '../../application/ports/current-user.ts'
import { clientSession } from '../plugins/sessions.ts'

export class OpenRequest implements ClientRequest {
  readonly #reply: FastifyReply
  #headers: ClientRequest['headers'] | undefined

  constructor(reply: FastifyReply) {
    this.#reply = reply
  }

  get id(): string {
    return this.#reply.request.id
  }

  get method(): string {
    return this.#reply.request.method
  }

  get url(): string {
    return this.#reply.request.url
  }

  get route(): string {
    const { method, url, routeOptions } = this.#reply.request
    return `${method} ${routeOptions.url ?? url}`
  }

  get ip(): string {
    // A client that has hung up has none, whatever the type says.
    return this.#reply.request.ip ?? 'unknown'
  }

  /** Each guard looks at them several times. */
  get headers(): ClientRequest['headers'] {
    this.#headers ??= headersOf(this.#reply.request)
    return this.#headers
  }

  get session(): ClientSession | undefined {
    return clientSession(this.#reply)
  }

  get user(): CurrentUser | undefined {
    return this.#reply.request.user
  }

  set user(user: CurrentUser | undefined) {
    this.#reply.request.user = user
  }

  replyHeader(name: string, value: string): void {
    if (!this.#reply.sent) this.#reply.header(name, value)
  }
}

/**
 * The request to this application that opened the scope which is open here, or one around it. Work with an origin of its own,
 * such as what a cache computes for everybody, is for no request.
 */
export function currentRequest(app: Application): ClientRequest | undefined {
  const origin = app.currentScope()?.origin
  return isReply(origin) ? new OpenRequest(origin) : undefined
}

/** Of two headers of authorization, Node keeps the first one without a word, where a proxy may have looked at the other. */
function headersOf({ headers, raw }: FastifyRequest): ClientRequest['headers'] {
  const sent = raw.rawHeaders.filter((_, at, all) => at % 2 === 1 && isAuthorization(all[at - 1]))
  return sent.length > 1 ? { ...headers, authorization: sent } : headers
}

function isAuthorization(name: string | undefined): boolean {
  return name?.length === 13 && name.toLowerCase() === 'authorization'
}

/** Only HTTP opens scopes for the replies of Fastify. */
function isReply(origin: object | undefined): origin is FastifyReply {
  return origin !== undefined && 'request' in origin && 'raw' in origin
}
