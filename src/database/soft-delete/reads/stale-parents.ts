/** @module Parents that this session has read as live, and somebody else has trashed since. */
import type { EntityMetadata, ObjectQuery } from '@mikro-orm/core'
import { helper, Utils } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'
import { asOwnRead } from '../../insight/own-reads.ts'
import { DELETED_AT, isTrashed } from '../deleted-at.ts'
import { mirrorStamp, rowKey } from '../trash.ts'
import { childrenOf, type Hint, isSoftToOne, relationOf } from './soft-relations.ts'

/** What the identity map held of the target of a hint before the query that has populated it. */
const knownBefore = new WeakMap<Hint, ReadonlySet<object>>()

/** Notes which parents the session knows: the ORM will not read them again. */
export function noteKnown(em: SqlEntityManager, meta: EntityMetadata, hints: readonly Hint[]): void {
  for (const hint of hints) {
    const prop = relationOf(meta, hint)
    if (!prop?.targetMeta) continue
    if (isSoftToOne(prop)) {
      const store = em.getUnitOfWork().getIdentityMap().getStore(prop.targetMeta.root)
      if (store.size > 0) knownBefore.set(hint, new Set(store.values()))
      else knownBefore.delete(hint)
    }
    noteKnown(em, prop.targetMeta, childrenOf(hint))
  }
}

/** Asks the database which of the parents that were known are in the trash by now, and lets memory tell so. */
export async function refreshStamps(
  em: SqlEntityManager,
  hint: Hint,
  parents: readonly object[],
): Promise<void> {
  const known = knownBefore.get(hint)
  const asked = [...new Set(parents)].filter(
    (parent) => known?.has(parent) && helper(parent).__initialized && !isTrashed(parent),
  )
  const [first] = asked
  if (!first) return
  const meta = helper(first).__meta.root
  const key = Utils.getPrimaryKeyHash(meta.primaryKeys)
  // The keys are those of the metadata, which the types of the driver cannot know.
  const where = {
    [key]: { $in: asked.map((parent) => helper(parent).getPrimaryKey()) },
    [DELETED_AT]: { $ne: null },
  } as ObjectQuery<object>
  const ctx = em.getTransactionContext()
  const rows = await asOwnRead(() => em.getDriver().find(meta.class, where, ctx ? { ctx } : {}))
  const stamps = new Map(rows.map((row) => [rowKey(meta.primaryKeys, row), Reflect.get(row, DELETED_AT)]))
  for (const parent of asked) {
    const stamp: unknown = stamps.get(helper(parent).getSerializedPrimaryKey())
    if (stamp != null) mirrorStamp(em, parent, stamp instanceof Date ? stamp : new Date(Number(stamp)))
  }
}
