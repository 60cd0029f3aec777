/** @module From what `filter` is asked to what the session takes. */
import type { EntityMetadata, FindOptions, OrderDefinition, QueryOrderMap } from '@mikro-orm/core'
import type { AbstractConstructor } from '../../support/class-of.ts'
import { ModelNotRegisteredError, PageError } from '../errors.ts'
import type { Session } from '../sessions/session.ts'
import type { TrashOptions } from '../soft-delete/trash-options.ts'

const PER_PAGE = 20

export interface FilterOptions<T, P extends string = never> extends TrashOptions {
  readonly orderBy?: OrderDefinition<T>
  /** At most this many rows; with `page`, the size of a page: 20. */
  readonly limit?: number
  /** Which page of that many rows, counted from 1. */
  readonly page?: number
  /** Relations that are read along. */
  readonly populate?: NonNullable<FindOptions<T, P>['populate']>
}

/** @throws {ModelNotRegisteredError} when the connection does not know the model */
export function metadataOf<T extends object>(
  session: Session,
  model: AbstractConstructor<T>,
): EntityMetadata<T> {
  const meta = session.getMetadata().find<T>(model)
  if (!meta) throw new ModelNotRegisteredError(model.name)
  return meta
}

/** @throws {PageError} */
export function findOptions<T extends object, P extends string = never>(
  session: Session,
  model: AbstractConstructor<T>,
  options: FilterOptions<T, P>,
): FindOptions<T, P> & { using?: never[] } {
  const { page, limit = page === undefined ? undefined : PER_PAGE, orderBy, ...others } = options
  for (const [name, value] of Object.entries({ limit, page })) {
    if (value !== undefined && !(Number.isSafeInteger(value) && value > 0)) throw new PageError(name, value)
  }
  // Without an order of its own, a page could show rows of the one before.
  const order = orderBy ?? keyOrder(metadataOf(session, model))
  const paging = limit === undefined ? {} : { limit, offset: ((page ?? 1) - 1) * limit }
  // The other options go through as they are; no index hints are among them.
  return { ...others, orderBy: order, ...paging } as FindOptions<T, P> & { using?: never[] }
}

function keyOrder<T>(meta: EntityMetadata<T>): QueryOrderMap<T> {
  // The names are those of the metadata, which the types of the driver cannot know.
  return Object.fromEntries(meta.primaryKeys.map((key) => [key, 'asc'])) as QueryOrderMap<T>
}
