/** @module What the development page shows of a request, without its secrets. */
import type { FastifyRequest } from 'fastify'
import { maskSecrets, maskValue } from '../../../support/mask-secrets.ts'

/** A name and a value, as a table has them. */
export type Row = readonly [name: string, value: string]

/** Whoever sees these can act as the client. */
const CREDENTIALS = /authorization|cookie|session|csrf|signature|\bauth\b|key/i

export interface ShownRequest {
  readonly line: string
  readonly facts: readonly Row[]
  readonly params: readonly Row[]
  readonly query: readonly Row[]
  readonly headers: readonly Row[]
}

export function showRequest(request: FastifyRequest): ShownRequest {
  const { method, url, id, ip, routeOptions, params, query, headers } = request
  const facts: Row[] = [
    ['Route', routeOptions.url === undefined ? '(none)' : `${method} ${routeOptions.url}`],
    ['Request id', id],
    ['Client', ip],
  ]
  return {
    line: `${method} ${maskSecrets(decoded(maskQuery(url)))}`,
    facts,
    params: rows(params),
    query: rows(query),
    headers: rows(headers),
  }
}

function rows(values: unknown): Row[] {
  return Object.entries(Object(values)).map(([name, value]) => [name, show(name, value)])
}

function show(name: string, value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return CREDENTIALS.test(name) ? '****' : maskValue(name, String(text))
}

function maskQuery(url: string): string {
  return url.replace(/([?&]([^=&]+)=)([^&]*)/g, (_, start: string, name: string, value: string) => {
    return start + show(name, value)
  })
}

/** As it is meant: encoded, a secret would not be found. */
function decoded(url: string): string {
  try {
    return decodeURIComponent(url)
  } catch {
    // That it cannot be decoded may be the very error that is shown.
    return url
  }
}
