/** @module Answers what never became a request: bytes that are no HTTP, or that did not arrive in time. */
import { randomUUID } from 'node:crypto'
import { type ServerResponse, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { Log } from '../../application/log.ts'
import type { LimberError } from '../../errors/limber-error.ts'
import { messageOf } from '../../support/message-of.ts'
import { REQUEST_ID_HEADER } from '../operations/request-id.ts'
import type { ErrorRenderer, ErrorReply } from './error-renderer.ts'
import {
  BodyTooLargeError,
  HeadersTooLargeError,
  MalformedRequestError,
  RequestTimeoutError,
} from './request-errors.ts'

/** The latest response of each connection, whichever server of the application gives it. */
const responses = new WeakMap<Socket, ServerResponse>()

export class ClientErrors {
  readonly #log: Log
  readonly #renderer: ErrorRenderer

  constructor(log: Log, renderer: ErrorRenderer) {
    this.#log = log
    this.#renderer = renderer
  }

  watch(response: ServerResponse): void {
    if (response.socket) responses.set(response.socket, response)
  }

  /** Answers on the connection itself, and ends that: nobody knows where the next request would begin. */
  handle(error: NodeJS.ErrnoException, socket: Socket): void {
    // It is gone, or has been answered.
    if (error.code === 'ECONNRESET' || socket.destroyed || socket.writableEnded) return
    const requestId = randomUUID()
    this.#log.debug({ err: error, requestId }, error.message)
    if (this.#isAwaited(socket)) {
      socket.destroy()
      return
    }
    const report = (failure: unknown) => this.#log.error({ err: failure, requestId }, messageOf(failure))
    const reply = this.#renderer.render(explain(error), requestId, undefined, report)
    socket.end(textOf(reply, requestId), () => socket.destroy())
  }

  /** Whether the client would take what is written now for a reply to an earlier request, or for a part or a second one. */
  #isAwaited(socket: Socket): boolean {
    const response = responses.get(socket)
    if (!response) return false
    if (response.writableEnded) return !response.req.complete
    return response.headersSent || response.req.complete
  }
}

function explain(error: NodeJS.ErrnoException): LimberError {
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') return new RequestTimeoutError(error)
  if (error.code === 'HPE_HEADER_OVERFLOW') return new HeadersTooLargeError(error)
  if (error.code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return new BodyTooLargeError(error)
  return new MalformedRequestError(error.message, error)
}

function textOf({ status, headers, body }: ErrorReply, requestId: string): string {
  const all = {
    ...headers,
    [REQUEST_ID_HEADER]: requestId,
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`)
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('\r\n')}\r\n\r\n${body}`
}
