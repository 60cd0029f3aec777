/** @module The id of a request: its own, or that of a proxy that is believed. */
import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

/** The header in which every reply names its request. */
export const REQUEST_ID_HEADER = 'x-request-id'

/** What cannot break a line of a log or a header, nor be taken for something else there. */
const SANE = /^[\w.:/+=@~-]{1,128}$/

/** Gives each request an id: that of the header when it is named and can be used, else a UUID. */
export function requestIds(
  header: boolean | string = false,
): (raw: { readonly headers: IncomingHttpHeaders }) => string {
  if (header === false) return () => randomUUID()
  const name = header === true ? REQUEST_ID_HEADER : header.toLowerCase()
  return ({ headers }) => {
    const given = headers[name]
    return typeof given === 'string' && SANE.test(given) ? given : randomUUID()
  }
}
