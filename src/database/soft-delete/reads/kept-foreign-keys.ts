/** @module An upsert writes every column of an entity: the foreign keys of parents that memory hides are what the rows have. */
import type { DriverMethodOptions, EntityMetadata, EntityProperty } from '@mikro-orm/core'
import { helper, Reference, Utils } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'
import { asOwnRead } from '../../insight/own-reads.ts'
import { hasKey, rowKey } from '../entity-rows.ts'
import { chunksOf } from '../key-rows.ts'
import { hide, isAssigned } from './parents-in-trash.ts'
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
    const hidden = own.filter((entity) => missing(em, meta, entity).length > 0)
    for (const chunk of chunksOf(hidden)) {
      const found = await readKeys(em, meta, chunk, ctx ? { ctx } : {})
      for (const entity of chunk) {
        const row = found.get(helper(entity).getSerializedPrimaryKey())
        if (!row) continue
        for (const prop of missing(em, meta, entity)) {
          const key: unknown = Reflect.get(row, prop.name)
          if (key === null || key === undefined) continue
          show(em, entity, prop, key)
          shown.push([entity, prop])
        }
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
      Reflect.get(entity, prop.name) === null &&
      !isAssigned(em, entity, prop),
  )
}

async function readKeys(
  em: SqlEntityManager,
  meta: EntityMetadata,
  entities: readonly object[],
  options: DriverMethodOptions,
): Promise<Map<string, object>> {
  const where = hasKey<object>(
    meta.root,
    entities.map((entity) => helper(entity).getPrimaryKey()),
  )
  const rows = await asOwnRead(() =>
    em.getDriver().find(meta.class, where, { ...options, connectionType: 'write' }),
  )
  return new Map(rows.map((row) => [rowKey(meta.root, row), row]))
}

/** Beside its setter, which would tell the collections of the parent. */
function show(em: SqlEntityManager, entity: object, prop: EntityProperty, key: unknown): void {
  const target = prop.targetMeta
  if (!target) return
  // The key is that of the row, whose type the metadata alone knows.
  const parent = em.getReference<object>(target.class, key as never, { convertCustomTypes: true })
  Reflect.set(helper(entity).__data, prop.name, prop.ref ? Reference.create(parent) : parent)
}
