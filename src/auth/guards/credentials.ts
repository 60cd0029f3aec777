/** @module Reads credentials out of headers, of which nothing is taken for granted. */
import type { ClientRequest } from '../../application/ports/client-request.ts'

/** What stands behind a scheme in the header authorization; undefined when another scheme does, or none. */
export function credentialsOf(request: ClientRequest, scheme: string): string | undefined {
  const text = headerOf(request, 'authorization')
  const [, name = '', rest = ''] = /^([^\s]+) *(.*)$/s.exec(text ?? '') ?? []
  return name.toLowerCase() === scheme ? rest.trimEnd() : undefined
}

/** The value of a header; one that was sent more than once is joined, and fits nothing then. */
export function headerOf({ headers }: ClientRequest, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'object' ? value.join(', ') : value
}
