/** @module The query of a list that is read page by page. */

import { makeSchema } from '../schemas/make-schema.ts'
import { fieldsOf, wholeNumber } from '../schemas/object-fields.ts'
import type { OutputOf, SchemaIssue, StandardSchema } from '../schemas/standard-schema.ts'
import { describeWithFilters, type Filters, withFilters } from './filters.ts'

/** Far more pages than anybody reads, and few enough that the offset stays a number that databases take. */
const LAST_PAGE = 1_000_000

export interface PageQuery {
  /** Counted from 1. */
  readonly page: number
  readonly perPage: number
  /** How many rows come before this page. */
  readonly offset: number
}

export interface PageQueryOptions<F extends StandardSchema> {
  /** The size of a page that asks for none; default: 20. */
  readonly perPage?: number
  /** The largest that may be asked for; default: 100. */
  readonly max?: number
  /** What else the query may say. */
  readonly filters?: F
}

/**
 * Describes the query of a list with pages: `?page=2&perPage=50`, and whatever the filters take.
 *
 * @example
 * ```ts
 * import { type HttpContext, pageQuery } from 'limber/http'
 * import { z } from 'zod'
 *
 * const listBooks = { query: pageQuery({ perPage: 50, filters: z.object({ title: z.string().optional() }) }) }
 *
 * export function index({ query }: HttpContext<typeof listBooks>) {
 *   return { title: query.title, limit: query.perPage, offset: query.offset }
 * }
 * ```
 */
export function pageQuery<F extends StandardSchema = Filters>(
  options: PageQueryOptions<F> = {},
): StandardSchema<unknown, PageQuery & OutputOf<F>> {
  const { perPage: otherwise = 20, max = 100, filters } = options
  return makeSchema({
    async validate(value) {
      const issues: SchemaIssue[] = []
      const fields = fieldsOf(value)
      const page = wholeNumber(fields, 'page', { min: 1, max: LAST_PAGE, otherwise: 1 }, issues)
      const perPage = wholeNumber(fields, 'perPage', { min: 1, max, otherwise }, issues)
      return withFilters({ page, perPage, offset: (page - 1) * perPage }, filters, value, issues)
    },
    describe: () =>
      describeWithFilters(
        {
          page: { type: 'integer', minimum: 1, maximum: LAST_PAGE, default: 1 },
          perPage: { type: 'integer', minimum: 1, maximum: max, default: otherwise },
        },
        filters,
      ),
  })
}
