/** @module Parents that come back from the trash are shown again by the entities in memory that lack them. */
import type { DriverMethodOptions, EntityMetadata, EntityProperty } from '@mikro-orm/core'
import { helper } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'
import type { RollbackJournal } from '../sessions/rollback-journal.ts'
import { readRows, spelledKey } from './entity-rows.ts'
import { lacksParent, parentOf, show } from './reads/parents-in-trash.ts'
import { isSoftToOne } from './reads/soft-relations.ts'
import { relationsTo } from './relations-to.ts'

/** Called when these parents are live again, in memory as well. */
export async function showParents(
  em: SqlEntityManager,
  journal: RollbackJournal,
  parents: readonly object[],
  options: DriverMethodOptions,
): Promise<void> {
  const identityMap = em.getUnitOfWork(false).getIdentityMap()
  for (const { meta, prop } of relationsTo(em, parents)) {
    if (!isSoftToOne(prop)) continue
    const lacking = [...identityMap.getStore(meta.root).values()].filter((entity) =>
      lacksParent(em, entity, prop),
    )
    for (const [entity, parent] of await parentsOf(em, meta, prop, lacking, parents, options)) {
      journal.noteRead(entity)
      show(em, entity, prop, parent)
    }
  }
}

/** Which rows refer to which of the parents: somebody may have written another foreign key since they were read. */
async function parentsOf(
  em: SqlEntityManager,
  meta: EntityMetadata,
  prop: EntityProperty,
  entities: readonly object[],
  parents: readonly object[],
  options: DriverMethodOptions,
): Promise<(readonly [entity: object, parent: object])[]> {
  if (entities.length === 0) return []
  const owning = prop.targetMeta?.relations.find(({ name }) => name === prop.mappedBy)
  if (owning) {
    const lacking = new Set(entities)
    return parents.flatMap((parent) => {
      const entity = parentOf(parent, owning)
      return entity && lacking.has(entity) ? [[entity, parent]] : []
    })
  }
  const byKey = new Map<string, object>(
    parents.map((parent) => [helper(parent).getSerializedPrimaryKey(), parent]),
  )
  const target = prop.targetMeta?.root
  const rows = await readRows(em, meta, entities, options)
  return entities.flatMap((entity) => {
    const row = rows.get(helper(entity).getSerializedPrimaryKey()) ?? {}
    const key: unknown = Reflect.get(row, prop.name)
    const parent = key != null && target ? byKey.get(spelledKey(target, key)) : undefined
    return parent ? [[entity, parent]] : []
  })
}
