/** @module Reads what a method of the Bot API is given: by query, JSON, a form, or a form with files. */
import type { IncomingMessage } from 'node:http'

export type Payload = Record<string, unknown>

const NUMBERS = new Set([
  'chat_id',
  'user_id',
  'message_id',
  'offset',
  'limit',
  'timeout',
  'max_connections',
  'cache_time',
])

export async function readPayload(request: IncomingMessage, query: URLSearchParams): Promise<Payload> {
  const body = await readBody(request)
  const type = request.headers['content-type'] ?? ''
  const fromQuery = fromFields(query)
  if (body.length === 0) return fromQuery
  if (type.startsWith('application/json')) return { ...fromQuery, ...asObject(JSON.parse(body.toString())) }
  const boundary = /boundary="?([^";]+)/.exec(type)?.[1]
  if (boundary !== undefined) return { ...fromQuery, ...fromMultipart(body, boundary) }
  return { ...fromQuery, ...fromFields(new URLSearchParams(body.toString())) }
}

export async function readBody(request: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function fromFields(fields: Iterable<[string, string]>): Payload {
  return Object.fromEntries([...fields].map(([name, value]) => [name, fieldValue(name, value)]))
}

/** A file becomes its name and its size. */
function fromMultipart(body: Buffer, boundary: string): Payload {
  const payload: Payload = {}
  // One letter for each byte, so that files stay whole.
  for (const part of body.toString('latin1').split(`--${boundary}`)) {
    const end = part.indexOf('\r\n\r\n')
    const head = part.slice(0, end)
    const name = /[; ]name="([^"]+)"/i.exec(head)?.[1]
    if (end < 0 || name === undefined) continue
    const content = Buffer.from(part.slice(end + 4).replace(/\r\n$/, ''), 'latin1')
    const file = /filename="?([^"\r\n;]+)/i.exec(head)?.[1]
    payload[name] = file === undefined ? fieldValue(name, content.toString()) : { file, size: content.length }
  }
  return payload
}

/** A form knows texts only: what is not one is written as JSON. */
function fieldValue(name: string, text: string): unknown {
  if (NUMBERS.has(name) && /^-?\d+$/.test(text)) return Number(text)
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true'
  return /^[[{]/.test(text) && name !== 'text' ? JSON.parse(text) : text
}

function asObject(value: unknown): Payload {
  if (typeof value !== 'object' || value === null) throw new Error('The body is not an object.')
  return { ...value }
}
