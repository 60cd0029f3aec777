/** @module The query of a list that is read on from a place in it. */
import { makeSchema } from '../schemas/make-schema.ts'
import { fieldsOf, wholeNumber } from '../schemas/object-fields.ts'
import type { OutputOf, SchemaIssue, StandardSchema } from '../schemas/standard-schema.ts'
import { describeWithFilters, type Filters, withFilters } from './filters.ts'

/** As `session.findByCursor` takes it: so many after a place, or so many before it. */
export type CursorWindow =
  | { readonly first: number; readonly after?: string }
  | { readonly last: number; readonly before: string }

export interface CursorQuery {
  /** The part of the list that is asked for. */
  readonly window: CursorWindow
}

export interface CursorQueryOptions<F extends StandardSchema> {
  /** How many items are given to whom asks for no number; default: 20. */
  readonly limit?: number
  /** The most that may be asked for; default: 100. */
  readonly max?: number
  /** What else the query may say. */
  readonly filters?: F
}

/**
 * Describes the query of a list that is read on from a place in it: `?after=…&limit=50`, or `?before=…` for the way back.
 * Unlike pages, nothing is shown twice or left out when rows come and go meanwhile, and the last part is as fast as the first.
 *
 * @example
 * ```ts
 * import { cursorQuery, type HttpContext } from 'limber/http'
 *
 * const listBooks = { query: cursorQuery({ limit: 50 }) }
 *
 * export function index({ query }: HttpContext<typeof listBooks>) {
 *   return { ...query.window, orderBy: { id: 'asc' } } // for session.findByCursor
 * }
 * ```
 */
export function cursorQuery<F extends StandardSchema = Filters>(
  options: CursorQueryOptions<F> = {},
): StandardSchema<unknown, CursorQuery & OutputOf<F>> {
  const { limit: otherwise = 20, max = 100, filters } = options
  return makeSchema({
    async validate(value) {
      const issues: SchemaIssue[] = []
      const fields = fieldsOf(value)
      const limit = wholeNumber(fields, 'limit', { min: 1, max, otherwise }, issues)
      const after = cursor(fields, 'after', issues)
      const before = cursor(fields, 'before', issues)
      if (after !== undefined && before !== undefined) {
        issues.push({ path: ['before'], message: 'Expected either "after" or "before".' })
      }
      const forward = { first: limit, ...(after !== undefined && { after }) }
      const window = before === undefined ? forward : { last: limit, before }
      return withFilters({ window }, filters, value, issues)
    },
    describe: () =>
      describeWithFilters(
        {
          limit: { type: 'integer', minimum: 1, maximum: max, default: otherwise },
          after: {
            type: 'string',
            description: 'Where to go on: from the links of another part of the list.',
          },
          before: { type: 'string', description: 'The same for the way back.' },
        },
        filters,
      ),
  })
}

/** A place is a list in JSON, encoded; whether it fits the order of the list is known where that is. */
function cursor(
  fields: Readonly<Record<string, unknown>>,
  name: string,
  issues: SchemaIssue[],
): string | undefined {
  const given = fields[name]
  if (given === undefined) return undefined
  if (typeof given === 'string' && isEncodedList(given)) return given
  issues.push({ path: [name], message: 'Expected a place as the links of this list give it.' })
  return undefined
}

function isEncodedList(text: string): boolean {
  try {
    return Array.isArray(JSON.parse(Buffer.from(text, 'base64url').toString()))
  } catch {
    return false
  }
}
