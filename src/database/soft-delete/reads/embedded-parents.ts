/** @module Parents that an embedded value refers to: the ORM takes what it does not find from entities, which such a value is none. */
import type { EntityMetadata, EntityProperty } from '@mikro-orm/core'
import { helper, QueryHelper, Reference, ReferenceKind, Utils } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'
import { asOwnRead } from '../../insight/own-reads.ts'
import { DELETED_AT, isTrashed } from '../deleted-at.ts'
import { readRows } from '../entity-rows.ts'
import { modeOf } from '../trash-options.ts'
import { childrenOf, type Hint, isSoftToOne, relationOf } from './soft-relations.ts'

type Filters = Parameters<typeof QueryHelper.mergePropertyFilters>[1]

interface Holder {
  readonly entity: object
  readonly value: object
  readonly parent: object
}

/** Shows null for those in the trash before the ORM looks for them. */
export async function hideEmbedded(
  em: SqlEntityManager,
  meta: EntityMetadata,
  entities: readonly object[],
  hints: readonly Hint[],
  filters: Filters,
): Promise<void> {
  for (const hint of hints) {
    const embedded = relationOf(meta, hint)
    if (embedded?.kind !== ReferenceKind.EMBEDDED || embedded.array || !embedded.targetMeta) continue
    for (const child of childrenOf(hint)) {
      const prop = relationOf(embedded.targetMeta, child)
      if (!prop || !isSoftToOne(prop)) continue
      if (modeOf(QueryHelper.mergePropertyFilters(prop.filters, filters)) !== 'without') continue
      const holders = entities.flatMap((entity) => holderOf(entity, embedded, prop))
      const gone = await inTrash(em, holders)
      for (const holder of holders) if (gone.has(holder.parent)) hide(holder, embedded, prop)
    }
  }
}

function holderOf(entity: object, embedded: EntityProperty, prop: EntityProperty): Holder[] {
  const value: unknown = Reflect.get(entity, embedded.name)
  if (typeof value !== 'object' || value === null) return []
  const parent = Reference.unwrapReference((Reflect.get(value, prop.name) as object | null) ?? {})
  return Utils.isEntity<object>(parent, true) ? [{ entity, value, parent }] : []
}

async function inTrash(em: SqlEntityManager, holders: readonly Holder[]): Promise<Set<object>> {
  const parents = [...new Set(holders.map(({ parent }) => parent))]
  const asked = parents.filter((parent) => !helper(parent).__initialized)
  const [first] = asked
  const ctx = em.getTransactionContext()
  const trashed = { [DELETED_AT]: { $ne: null } }
  const rows = first
    ? await asOwnRead(() => readRows(em, helper(first).__meta.root, asked, ctx ? { ctx } : {}, trashed))
    : new Map()
  return new Set(
    parents.filter((parent) => isTrashed(parent) || rows.has(helper(parent).getSerializedPrimaryKey())),
  )
}

/** As with other parents, what the unit of work remembers of the row is set as well. */
function hide({ entity, value }: Holder, embedded: EntityProperty, prop: EntityProperty): void {
  Reflect.set(value, prop.name, null)
  const original: unknown = helper(entity).__originalEntityData
  const column = embedded.embeddedProps[prop.name]?.name
  if (typeof original !== 'object' || original === null || !column) return
  const kept: unknown = embedded.object ? Reflect.get(original, embedded.name) : original
  const name = embedded.object ? prop.name : column
  if (typeof kept === 'object' && kept !== null && Object.hasOwn(kept, name)) Reflect.set(kept, name, null)
}
