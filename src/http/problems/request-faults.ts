/** @module What is wrong with the head of a request, though it could be read as HTTP. */
import type { IncomingMessage } from 'node:http'
import type { LimberError } from '../../errors/limber-error.ts'
import { ExpectationFailedError, MalformedRequestError, MalformedUrlError } from './request-errors.ts'

/** The first fault of a request, looked for before anything else is done with it. */
export function faultOf(raw: IncomingMessage): LimberError | undefined {
  const hosts = hostsOf(raw)
  // Whoever stands between may have looked at another one than we do.
  if (hosts > 1) return new MalformedRequestError('it has several host headers.')
  if (hosts === 0 && raw.httpVersion === '1.1') return new MalformedRequestError('it has no host header.')
  const { expect } = raw.headers
  if (expect !== undefined && expect.toLowerCase() !== '100-continue')
    return new ExpectationFailedError(expect)
  return undecodable(raw.url)
}

/** Node shows the first one only. */
function hostsOf({ rawHeaders }: IncomingMessage): number {
  let count = 0
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]
    if (name?.length === 4 && name.toLowerCase() === 'host') count++
  }
  return count
}

/** The router refuses a path that cannot be decoded; a query would be handed over as it was sent. */
function undecodable(url = ''): MalformedUrlError | undefined {
  const start = url.indexOf('?')
  if (start < 0 || !url.includes('%', start)) return undefined
  try {
    decodeURIComponent(url.slice(start))
    return undefined
  } catch (cause) {
    return new MalformedUrlError(cause)
  }
}
