/** @module Deletes by condition of a model whose table has only its own columns: the row with the stamp is in that of the root. */
import type { DeleteOptions, EntityMetadata, FilterQuery, FindOptions } from '@mikro-orm/core'
import { FlushMode, helper } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'
import { asOwnRead } from '../insight/own-reads.ts'
import { hasKey } from './entity-rows.ts'

/** Whether each type has a table, and that of this model is not the first. */
export function isSubtype(meta: EntityMetadata): boolean {
  return meta.tptParent !== undefined
}

/** The condition that a row of the root is one of these, by its key. */
export async function rowsOfRoot<T extends object>(
  em: SqlEntityManager,
  meta: EntityMetadata<T>,
  where: FilterQuery<NoInfer<T>>,
  options: DeleteOptions<T> = {},
): Promise<FilterQuery<object>> {
  const { ctx, filters, schema, force = false } = options
  const reading = {
    ...(ctx ? { ctx } : {}),
    ...(filters === undefined ? {} : { filters }),
    ...(schema === undefined ? {} : { schema }),
    withTrashed: force,
    fields: [...meta.primaryKeys],
    disableIdentityMap: true,
    flushMode: FlushMode.COMMIT,
    populate: [],
    // The names are those of the metadata, which the types of the ORM cannot know.
  } as unknown as FindOptions<T> & { using?: never[] }
  const rows = await asOwnRead(() => em.find<T>(meta.class, where, reading))
  const keys = rows.map((row) => helper(row).getPrimaryKey())
  return hasKey<object>(meta.root, keys)
}
