/** @module An upsert writes every column of an entity: the foreign keys of parents that memory hides are what the rows have. */
import type { DriverMethodOptions, EntityMetadata, EntityProperty } from '@mikro-orm/core'
import { helper, Utils } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'
import { asOwnRead } from '../../insight/own-reads.ts'
import { readRows } from '../entity-rows.ts'
import { hide, lacksParent, show } from './parents-in-trash.ts'
import { isSoftToOne } from './soft-relations.ts'

/** Shows the foreign keys that memory may hide while something writes these rows. */
export async function keepingForeignKeys<T>(
  em: SqlEntityManager,
  rows: readonly unknown[],
  { ctx = em.getTransactionContext() }: Pick<DriverMethodOptions, 'ctx'>,
  write: () => Promise<T>,
): Promise<T> {
  const entities = rows.filter((row): row is object => Utils.isEntity<object>(row))
  const shown: (readonly [object, EntityProperty])[] = []
  for (const [meta, own] of Map.groupBy(entities, (entity) => helper(entity).__meta)) {
    const hiding = new Map(own.map((entity) => [entity, missing(em, meta, entity)]))
    const asked = own.filter((entity) => hiding.get(entity)?.length)
    const reading = { ...(ctx ? { ctx } : {}), connectionType: 'write' as const }
    const found = await asOwnRead(() => readRows(em, meta, asked, reading))
    for (const entity of asked) {
      const row = found.get(helper(entity).getSerializedPrimaryKey()) ?? {}
      for (const prop of hiding.get(entity) ?? []) {
        const key: unknown = Reflect.get(row, prop.name)
        if (key === null || key === undefined) continue
        const parent = parentWith(em, prop, key)
        if (!parent) continue
        show(em, entity, prop, parent)
        shown.push([entity, prop])
      }
    }
  }
  try {
    return await write()
  } finally {
    for (const [entity, prop] of shown) hide(entity, prop)
  }
}

/** Parents that are null as they were when they were read: whether their rows have them, only the database knows. */
function missing(em: SqlEntityManager, meta: EntityMetadata, entity: object): EntityProperty[] {
  if (!helper(entity).__originalEntityData || !helper(entity).hasPrimaryKey()) return []
  return meta.relations.filter(
    (prop) =>
      isSoftToOne(prop) &&
      prop.owner !== false &&
      !prop.mappedBy &&
      !prop.mapToPk &&
      lacksParent(em, entity, prop),
  )
}

function parentWith(em: SqlEntityManager, { targetMeta }: EntityProperty, key: unknown): object | undefined {
  // The key is that of the row, whose type the metadata alone knows.
  return targetMeta && em.getReference<object>(targetMeta.class, key as never, { convertCustomTypes: true })
}
