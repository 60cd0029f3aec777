/** @module A WebSocket that may be opened: its request has passed everything that could refuse it. */
import type { IncomingHttpHeaders } from 'node:http'
import { MalformedRequestError } from '../problems/request-errors.ts'
import type { HttpContext } from '../requests/http-context.ts'
import { UpgradeRequiredError } from './errors.ts'

export class Handshake {
  readonly context: HttpContext

  constructor(context: HttpContext) {
    this.context = context
  }
}

/**
 * Refuses here what the library would refuse in a form of its own, when the unit of work is committed already.
 *
 * @throws {UpgradeRequiredError} @throws {MalformedRequestError}
 * @see RFC 6455, section 4.2.1
 */
export function refuseMalformed(headers: IncomingHttpHeaders, path: string): void {
  const version = headers['sec-websocket-version']
  if (version !== '13' && version !== '8') throw new UpgradeRequiredError(path)
  if (!/^[+/\dA-Za-z]{22}==$/.test(headers['sec-websocket-key'] ?? '')) {
    throw new MalformedRequestError('its sec-websocket-key is none.')
  }
}
