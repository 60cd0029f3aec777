/** @module Reads JSON and text, and refuses what would only be guessed: other charsets, broken UTF-8, compressed bytes. */
import { isUtf8 } from 'node:buffer'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { MalformedBodyError, UnsupportedMediaTypeError } from '../problems/request-errors.ts'
import type { ServerFacts } from './server-part.ts'

/** As deep as PHP reads; what walks through values may use a frame of the stack for each level. */
const DEEPEST = 512
const UTF8 = /^"?utf-?8"?$/i

export function readTextBodies(server: FastifyInstance, { config }: ServerFacts): void {
  // Then the bytes are plain again when they come here.
  const undoesCompression = typeof config.compression === 'object' && config.compression.requests === true
  const parseJson = server.getDefaultJsonParser('error', 'error')
  server.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, bytes, done) => {
    const text = textOf(request, bytes, undoesCompression)
    if (text instanceof Error) return done(text)
    if (isTooDeep(text)) return done(new MalformedBodyError(`it is nested deeper than ${DEEPEST} levels.`))
    return parseJson(request, text, done)
  })
  server.addContentTypeParser<Buffer>('text/plain', { parseAs: 'buffer' }, (request, bytes, done) => {
    const text = textOf(request, bytes, undoesCompression)
    if (text instanceof Error) done(text)
    else done(null, text)
  })
}

/** Gives the text of a body, or why it cannot be read. */
export function textOf({ headers }: FastifyRequest, bytes: Buffer, isPlain: boolean): string | Error {
  const encoding = headers['content-encoding'] ?? 'identity'
  if (!isPlain && encoding !== 'identity') {
    return new UnsupportedMediaTypeError(`It does not decompress "${encoding}".`, 'Send it as it is.')
  }
  const charset = /;\s*charset=([^;\s]+)/i.exec(headers['content-type'] ?? '')?.[1]
  if (charset !== undefined && !UTF8.test(charset)) {
    return new UnsupportedMediaTypeError(`It does not read the charset ${charset}.`, 'Send UTF-8.')
  }
  return isUtf8(bytes) ? bytes.toString() : new MalformedBodyError('it is not UTF-8.')
}

/** Counts brackets outside of strings; a text too short to be too deep is not looked at. */
function isTooDeep(text: string): boolean {
  if (text.length <= 2 * DEEPEST) return false
  let depth = 0
  let isString = false
  for (let index = 0; index < text.length; index++) {
    const sign = text.charCodeAt(index)
    if (isString) {
      if (sign === BACKSLASH) index++
      else if (sign === QUOTE) isString = false
    } else if (sign === QUOTE) isString = true
    else if (OPENING.has(sign) && ++depth > DEEPEST) return true
    else if (CLOSING.has(sign)) depth--
  }
  return false
}

const [QUOTE, BACKSLASH] = [0x22, 0x5c]
const OPENING = new Set([0x5b, 0x7b])
const CLOSING = new Set([0x5d, 0x7d])
