/** @module What the rows of entities in memory hold now, whatever is in the trash. */
import type { DriverMethodOptions, EntityMetadata, FindOptions, ObjectQuery } from '@mikro-orm/core'
import { helper, QueryHelper, Utils } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'
import { chunksOf } from './key-rows.ts'

/** The condition that a row has one of these keys. */
export function hasKey<T>(
  { primaryKeys }: Pick<EntityMetadata, 'primaryKeys'>,
  keys: readonly unknown[],
): ObjectQuery<T> {
  // The names are those of the metadata, which the types of the ORM cannot know.
  return { [Utils.getPrimaryKeyHash(primaryKeys)]: { $in: keys } } as ObjectQuery<T>
}

/** A key as rows have it, or a row with its key, spelled as entities spell theirs. */
export function spelledKey(meta: EntityMetadata, key: unknown): string {
  // It is one of the two, which the type of the entity cannot tell.
  return Utils.getPrimaryKeyHash(Utils.getOrderedPrimaryKeys(key as never, meta))
}

type Reading = DriverMethodOptions & Pick<FindOptions<object>, 'lockMode' | 'connectionType'>

/**
 * Reads the rows of entities of one model.
 *
 * @param also what rows have to fulfil besides
 * @returns each row that is there, by the key as its entity spells it
 */
export async function readRows(
  em: SqlEntityManager,
  meta: EntityMetadata,
  entities: readonly object[],
  options: Reading,
  also: object = {},
): Promise<Map<string, object>> {
  const found = new Map<string, object>()
  for (const chunk of chunksOf(entities)) {
    const keys = chunk.map((entity) => helper(entity).getPrimaryKey())
    // Keys with a type of their own are written as the database has them: the driver itself converts none.
    const where = QueryHelper.processWhere({
      where: { ...hasKey<object>(meta.root, keys), ...also },
      entityName: meta.class,
      metadata: em.getMetadata(),
      platform: em.getPlatform(),
    })
    const rows = await em.getDriver().find(meta.class, where, options)
    for (const row of rows) found.set(spelledKey(meta.root, row), row)
  }
  return found
}

/** Reads a property of the rows of entities of one table; the rest as with `readRows`. */
export async function readFromRows(
  em: SqlEntityManager,
  { root }: EntityMetadata,
  entities: readonly object[],
  property: string,
  options: Reading,
  also: object = {},
): Promise<Map<string, unknown>> {
  const rows = await readRows(em, root, entities, options, also)
  return new Map([...rows].map(([key, row]) => [key, Reflect.get(row, property)]))
}
