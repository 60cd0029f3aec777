/** @module What the rows of entities in memory hold now, whatever is in the trash. */
import type { DriverMethodOptions, EntityMetadata, FindOptions, ObjectQuery } from '@mikro-orm/core'
import { helper, Utils } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'
import { chunksOf } from './key-rows.ts'

/** The condition that a row has one of these keys. */
export function hasKey<T>({ primaryKeys }: EntityMetadata<T>, keys: readonly unknown[]): ObjectQuery<T> {
  // The names are those of the metadata, which the types of the ORM cannot know.
  return { [Utils.getPrimaryKeyHash(primaryKeys)]: { $in: keys } } as ObjectQuery<T>
}

/** The key of a row as entities spell theirs. */
export function rowKey({ primaryKeys }: EntityMetadata, row: object): string {
  return Utils.getPrimaryKeyHash(primaryKeys.map((name) => String(Reflect.get(row, name))))
}

/**
 * Reads a property of the rows of entities of one table.
 *
 * @param also what rows have to fulfil besides
 * @returns the value of each row that is there, by the key as its entity spells it
 */
export async function readFromRows(
  em: SqlEntityManager,
  { root }: EntityMetadata,
  entities: readonly object[],
  property: string,
  options: DriverMethodOptions & Pick<FindOptions<object>, 'lockMode'>,
  also: object = {},
): Promise<Map<string, unknown>> {
  const values = new Map<string, unknown>()
  for (const chunk of chunksOf(entities)) {
    const keys = chunk.map((entity) => helper(entity).getPrimaryKey())
    const rows = await em.getDriver().find(root.class, { ...hasKey(root, keys), ...also }, options)
    for (const row of rows) values.set(rowKey(root, row), Reflect.get(row, property))
  }
  return values
}
