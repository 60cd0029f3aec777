/** @module The part of a list behind or before a place in it, and the way on. */
import type { FastifyRequest } from 'fastify'
import type { OutputOf, StandardSchema } from '../schemas/standard-schema.ts'
import type { CursorQuery } from './cursor-query.ts'
import { linkTo } from './links.ts'
import { listOf } from './list-schema.ts'

export interface CursorPage<T> {
  readonly data: readonly T[]
  readonly meta: {
    readonly limit: number
    /** How many items there are in all; null when nobody has counted. */
    readonly total: number | null
  }
  /** Paths with their queries; null where there is nothing more. */
  readonly links: {
    readonly first: string
    readonly prev: string | null
    readonly next: string | null
  }
}

/** What `session.findByCursor` gives. */
export interface FoundByCursor<T> {
  readonly items: readonly T[]
  readonly totalCount: number | undefined
  readonly hasPrevPage: boolean
  readonly hasNextPage: boolean
  readonly startCursor: string | null
  readonly endCursor: string | null
}

/**
 * Makes a part of a list of what was found, with links that keep the rest of the query.
 *
 * @param context the context of the request, whose query is one of `cursorQuery()`
 * @param found what `session.findByCursor` gives
 * @example
 * ```ts
 * import { inject, injectable } from 'limber'
 * import { Model, type Session } from 'limber/database'
 * import { cursorPageOf, cursorQuery, type HttpContext, paginateByCursor } from 'limber/http'
 * import { z } from 'zod'
 *
 * class Song extends Model {}
 * const listSongs = { query: cursorQuery(), response: cursorPageOf(z.object({ id: z.int() })) }
 *
 * @injectable()
 * export class SongsController {
 *   constructor(@inject('db.session') private readonly session: Session) {}
 *
 *   async index(context: HttpContext<typeof listSongs>) {
 *     const found = await this.session.findByCursor(Song, { ...context.query.window, orderBy: { id: 'asc' } })
 *     return paginateByCursor(context, found)
 *   }
 * }
 * ```
 */
export function paginateByCursor<T>(
  { query, request }: { readonly query: CursorQuery; readonly request: FastifyRequest },
  { items, totalCount, hasPrevPage, hasNextPage, startCursor, endCursor }: FoundByCursor<T>,
): CursorPage<T> {
  const { window } = query
  const limit = 'last' in window ? window.last : window.first
  const to = (after?: string, before?: string) => linkTo(request.url, { after, before })
  return {
    data: items,
    meta: { limit, total: totalCount ?? null },
    links: {
      first: to(),
      prev: hasPrevPage && startCursor !== null ? to(undefined, startCursor) : null,
      next: hasNextPage && endCursor !== null ? to(endCursor) : null,
    },
  }
}

/** Describes a part of a list of items for the `response` of a route. */
export function cursorPageOf<S extends StandardSchema>(item: S) {
  return listOf<S, CursorPage<OutputOf<S>>>(item, {
    meta: { limit: { type: 'integer', minimum: 1 }, total: { type: ['integer', 'null'], minimum: 0 } },
    links: ['first', 'prev', 'next'],
  })
}
