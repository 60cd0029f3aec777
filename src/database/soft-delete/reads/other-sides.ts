/** @module The other side of a one-to-one that is not populated: several rows may have had it, and one of them is live. */
import type { EntityMetadata, ObjectQuery, PopulateOptions } from '@mikro-orm/core'
import { DELETED_AT } from '../deleted-at.ts'
import { isSoftToOne, relationOf } from './soft-relations.ts'

/** With this among its options, a query asks for a number and needs no keys. */
export const COUNTING = Symbol('counting')

interface Options {
  readonly fields?: readonly unknown[]
  readonly [COUNTING]?: boolean
}

/**
 * Asks for the key of the live row. The ORM joins the other side by itself, without a condition: each trashed row there
 * would be a row of the result.
 */
export function addOtherSides<E>(
  meta: EntityMetadata<E>,
  hints: PopulateOptions<E>[],
  options: Options,
): void {
  if (options[COUNTING] || (options.fields?.length ?? 0) > 0) return
  // The type of the entity plays no part in what its relations are.
  const taken = new Set(hints.map((hint) => relationOf(meta as EntityMetadata, hint)?.name as string))
  for (const prop of meta.relations) {
    if (prop.owner || !prop.mappedBy || !isSoftToOne(prop as never) || prop.lazy || taken.has(prop.name))
      continue
    // The name is that of the relation, which the types of the ORM cannot know.
    const field = `${prop.name}:ref` as PopulateOptions<E>['field']
    hints.push({ field, strategy: 'joined', filter: true, joinType: 'left join' } as PopulateOptions<E>)
  }
}

/** The conditions of those joins: one key is all that there is room for, also where the trash is shown. */
export function onlyLiveOtherSides<E extends object>(
  meta: EntityMetadata<E>,
  hints: unknown,
  conditions: ObjectQuery<E> | undefined,
): ObjectQuery<E> | undefined {
  // The type of the entity plays no part in what its relations are.
  const names = (Array.isArray(hints) ? hints : []).flatMap((hint) => {
    const prop = hint.filter ? relationOf(meta as EntityMetadata, hint) : undefined
    return prop?.mappedBy && isSoftToOne(prop) && String(hint.field).endsWith(':ref') ? [prop.name] : []
  })
  if (names.length === 0) return conditions
  // The names are those of soft-deleted models, which have the column.
  const live = Object.fromEntries(names.map((name) => [name, { [DELETED_AT]: null }]))
  return { ...conditions, ...live } as ObjectQuery<E>
}
