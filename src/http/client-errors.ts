/** @module Answers what never became a request: bytes that are no HTTP, or that did not arrive in time. */
import { randomUUID } from 'node:crypto'
import { type ServerResponse, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { Log } from '../application/log.ts'
import type { LimberError } from '../errors/limber-error.ts'
import { problemOf } from './problem.ts'
import {
  BodyTooLargeError,
  HeadersTooLargeError,
  MalformedRequestError,
  RequestTimeoutError,
} from './request-errors.ts'
import { statusOf } from './status-of.ts'

export class ClientErrors {
  readonly #log: Log
  /** The latest response of each connection. */
  readonly #responses = new WeakMap<Socket, ServerResponse>()

  constructor(log: Log) {
    this.#log = log
  }

  watch(response: ServerResponse): void {
    if (response.socket) this.#responses.set(response.socket, response)
  }

  /** Answers on the connection itself, and ends that: nobody knows where the next request would begin. */
  handle(error: NodeJS.ErrnoException, socket: Socket): void {
    // It is gone, or has been answered.
    if (error.code === 'ECONNRESET' || socket.destroyed || socket.writableEnded) return
    const requestId = randomUUID()
    this.#log.debug({ err: error, requestId }, error.message)
    if (this.#isAwaited(socket)) socket.destroy()
    else socket.end(replyOf(explain(error), requestId), () => socket.destroy())
  }

  /** Whether the client would take what is written now for the reply to an earlier request, or for a part of it. */
  #isAwaited(socket: Socket): boolean {
    const response = this.#responses.get(socket)
    if (!response || response.writableEnded) return false
    return response.headersSent || response.req.complete
  }
}

function explain(error: NodeJS.ErrnoException): LimberError {
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') return new RequestTimeoutError(error)
  if (error.code === 'HPE_HEADER_OVERFLOW') return new HeadersTooLargeError(error)
  if (error.code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return new BodyTooLargeError(error)
  return new MalformedRequestError(error.message, error)
}

function replyOf(error: LimberError, requestId: string): string {
  const status = statusOf(error)
  const body = JSON.stringify(problemOf(error, requestId))
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ]
  return `${head.join('\r\n')}\r\n\r\n${body}`
}
