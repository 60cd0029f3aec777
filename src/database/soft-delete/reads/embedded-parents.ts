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
  /** Where the value stands in an array of them. */
  readonly index: number
}

interface Hidden {
  readonly parent: object
  /** Whether nobody has assigned another one since. */
  isHidden(): boolean
  set(parent: object | null): void
}

const hiddenIn = new WeakMap<object, readonly Hidden[]>()

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
    if (embedded?.kind !== ReferenceKind.EMBEDDED || !embedded.targetMeta) continue
    for (const child of childrenOf(hint)) {
      const prop = relationOf(embedded.targetMeta, child)
      if (!prop || !isSoftToOne(prop)) continue
      if (modeOf(QueryHelper.mergePropertyFilters(prop.filters, filters)) !== 'without') continue
      const holders = entities.flatMap((entity) => holderOf(entity, embedded, prop))
      const gone = await inTrash(em, holders)
      for (const holder of holders) if (gone.has(holder.parent)) hide(em, holder, embedded, prop)
    }
  }
}

function holderOf(entity: object, embedded: EntityProperty, prop: EntityProperty): Holder[] {
  const values: unknown[] = Utils.asArray<unknown>(Reflect.get(entity, embedded.name))
  return values.flatMap((value, index) => {
    if (typeof value !== 'object' || value === null) return []
    const parent = Reference.unwrapReference((Reflect.get(value, prop.name) as object | null) ?? {})
    return Utils.isEntity<object>(parent, true) ? [{ entity, value, parent, index }] : []
  })
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
function hide(em: SqlEntityManager, holder: Holder, embedded: EntityProperty, prop: EntityProperty): void {
  const isOneColumn = Boolean(embedded.object || embedded.array)
  const name = isOneColumn ? prop.name : embedded.embeddedProps[prop.name]?.name
  const set = (parent: object | null) => {
    Reflect.set(holder.value, prop.name, parent && prop.ref ? Reference.create(parent) : parent)
    const original: object = helper(holder.entity).__originalEntityData ?? {}
    const values: unknown = isOneColumn ? Reflect.get(original, embedded.name) : original
    const kept: unknown = Array.isArray(values) ? values[holder.index] : values
    if (typeof kept !== 'object' || kept === null || !name || !Object.hasOwn(kept, name)) return
    Reflect.set(kept, name, parent && helper(parent).getPrimaryKey(true))
  }
  set(null)
  const isHidden = () => Reflect.get(holder.value, prop.name) === null
  const uow = em.getUnitOfWork(false)
  hiddenIn.set(uow, [...(hiddenIn.get(uow) ?? []), { isHidden, set, parent: holder.parent }])
}

/** Values in one column, and values in values, are compared as a whole: while that may be, they show the parents hidden in them. */
export async function showingEmbedded(em: SqlEntityManager, write: () => Promise<void>): Promise<void> {
  const uow = em.getUnitOfWork(false)
  const shown = (hiddenIn.get(uow) ?? []).filter(({ isHidden }) => isHidden())
  for (const { set, parent } of shown) set(parent)
  try {
    await write()
  } finally {
    for (const { set } of shown) set(null)
  }
}
