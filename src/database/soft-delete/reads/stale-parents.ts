/** @module Parents that this session has read as live, and somebody else has trashed since. */
import type { EntityMetadata } from '@mikro-orm/core'
import { helper } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'
import { asOwnRead } from '../../insight/own-reads.ts'
import { asDate, DELETED_AT, isTrashed } from '../deleted-at.ts'
import { readFromRows } from '../entity-rows.ts'
import { mirrorStamp } from '../trash.ts'
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
  const ctx = em.getTransactionContext()
  const trashed = { [DELETED_AT]: { $ne: null } }
  const stamps = await asOwnRead(() => readFromRows(em, meta, asked, DELETED_AT, ctx ? { ctx } : {}, trashed))
  for (const parent of asked) {
    const stamp = stamps.get(helper(parent).getSerializedPrimaryKey())
    if (stamp != null) mirrorStamp(em, parent, asDate(stamp))
  }
}
