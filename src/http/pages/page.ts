/** @module One page of a list: its items, where it is, and the way to the others. */
import type { FastifyRequest } from 'fastify'
import type { OutputOf, StandardSchema } from '../schemas/standard-schema.ts'
import { linkTo } from './links.ts'
import { listOf } from './list-schema.ts'
import type { PageQuery } from './page-query.ts'

export interface Page<T> {
  readonly data: readonly T[]
  readonly meta: {
    readonly page: number
    readonly perPage: number
    /** How many items there are on all pages. */
    readonly total: number
    readonly pages: number
  }
  /** Paths with their queries; null where there is no such page. */
  readonly links: {
    readonly first: string
    readonly prev: string | null
    readonly next: string | null
    readonly last: string
  }
}

/**
 * Makes a page of what was found, with links that keep the rest of the query.
 *
 * @param context the context of the request, whose query is one of `pageQuery()`
 * @param found the items of the page, and how many there are in all: what `findAndCount` gives
 * @example
 * ```ts
 * import { type HttpContext, pageOf, pageQuery, paginate } from 'limber/http'
 * import { z } from 'zod'
 *
 * const listWords = { query: pageQuery(), response: pageOf(z.string()) }
 * const words = ['a', 'b', 'c']
 *
 * export function index(context: HttpContext<typeof listWords>) {
 *   const { offset, perPage } = context.query
 *   return paginate(context, [words.slice(offset, offset + perPage), words.length])
 * }
 * ```
 */
export function paginate<T>(
  context: { readonly query: PageQuery; readonly request: FastifyRequest },
  [data, total]: readonly [items: readonly T[], total: number],
): Page<T> {
  const { page, perPage } = context.query
  const pages = Math.max(1, Math.ceil(total / perPage))
  const toPage = (number: number) => linkTo(context.request.url, { page: number })
  return {
    data,
    meta: { page, perPage, total, pages },
    links: {
      first: toPage(1),
      // Behind the last page the way back is to the last one.
      prev: page > 1 ? toPage(Math.min(page - 1, pages)) : null,
      next: page < pages ? toPage(page + 1) : null,
      last: toPage(pages),
    },
  }
}

/** Describes a page of items for the `response` of a route. */
export function pageOf<S extends StandardSchema>(item: S) {
  const count = { type: 'integer', minimum: 0 }
  return listOf<S, Page<OutputOf<S>>>(item, {
    meta: { page: count, perPage: count, total: count, pages: count },
    links: ['first', 'prev', 'next', 'last'],
  })
}
