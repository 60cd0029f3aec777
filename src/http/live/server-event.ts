/** @module One server-sent event, and how the protocol writes it. */
import type { Fault } from '../../errors/limber-error.ts'
import { ResponseInvalidError } from '../replies/errors.ts'
import { jsonOf } from '../replies/json-of.ts'
import type { Route } from '../routing/route.ts'
import type { StandardSchema } from '../schemas/standard-schema.ts'

/** What a handler yields for each event. */
export interface ServerEvent<Data = unknown> {
  /** A text is sent as it is, unless a schema describes it; everything else as JSON. */
  readonly data: Data
  /** The name that a client listens to; default: `message`. */
  readonly event?: string | undefined
  /** What a client gives as `Last-Event-ID` when it connects again. */
  readonly id?: string | number | undefined
  /** After how many milliseconds a client connects again. */
  readonly retry?: number | undefined
}

/**
 * Writes an event.
 *
 * @param index which event of its stream it is
 * @throws {ResponseInvalidError} when its data does not fit the schema, or a field the protocol
 */
export async function formatEvent(
  route: Route,
  event: unknown,
  index: number,
  schema: StandardSchema | undefined,
): Promise<string> {
  const fields = fieldsOf(route, event, index)
  const isText = typeof fields.data === 'string' && !schema
  const json = isText ? fields.data : await jsonOf(route, fields.data, schema, [String(index), 'data'])
  const data = String(json ?? null)
  const lines = data.split(/\r\n|\r|\n/).map((line) => `data: ${line}`)
  for (const name of FIELDS) if (fields[name] !== undefined) lines.unshift(`${name}: ${fields[name]}`)
  return `${lines.join('\n')}\n\n`
}

const FIELDS = ['retry', 'id', 'event'] as const

type Fields = { readonly [Name in 'data' | (typeof FIELDS)[number]]: unknown }

function fieldsOf(route: Route, event: unknown, index: number): Fields {
  const faults: Fault[] = []
  const refuse = (path: string, message: string) => faults.push({ path: `result.${index}${path}`, message })
  const read = (name: keyof Fields): unknown => Reflect.get(Object(event), name)
  const fields = { data: read('data'), event: read('event'), id: read('id'), retry: read('retry') }
  if (typeof event !== 'object' || event === null || !('data' in event))
    refuse('', 'It is no event: it has no data.')
  for (const name of ['event', 'id'] as const) {
    // Whoever could put a line break here could write events of their own.
    if (/[\r\n\0]/.test(String(fields[name]))) refuse(`.${name}`, 'It has a line break.')
  }
  const { retry } = fields
  if (retry !== undefined && !(Number.isInteger(retry) && Number(retry) >= 0))
    refuse('.retry', 'It is no time.')
  if (faults.length > 0) throw new ResponseInvalidError(route, faults)
  return fields
}
