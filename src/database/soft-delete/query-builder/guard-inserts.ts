/** @module An insert that merges into the row it meets leaves what is in the trash alone. */
import { isRaw, LockMode, Utils } from '@mikro-orm/core'
import type { AnyQueryBuilder } from '@mikro-orm/sql'
import { asOwnRead } from '../../insight/own-reads.ts'
import type { AtomicSession } from '../bulk-delete.ts'
import { DELETED_AT } from '../deleted-at.ts'
import { TrashedKeyError } from '../errors.ts'
import { chunksOf, isAmong, keyColumns, queryColumns } from '../key-rows.ts'
import { isSoftModel } from '../soft-models.ts'

export function guardInserts(builder: AnyQueryBuilder, session: AtomicSession): void {
  const execute = builder.execute.bind(builder)
  builder.execute = (method, options) => {
    if (!merges(builder)) return execute(method, options)
    return session.writing(async () => {
      await refuseTrashed(builder, session)
      return execute(method, options)
    })
  }
}

function merges({ type, state, mainAlias }: AnyQueryBuilder): boolean {
  const isMerging = (state.onConflict ?? []).some(({ ignore }) => !ignore)
  return (type === 'INSERT' || type === 'UPSERT') && isMerging && isSoftModel(mainAlias.meta)
}

/** The keys that may be met: the primary one, which MySQL meets whatever the conflict names, and that of the conflict. */
function keysOf({ state, mainAlias }: AnyQueryBuilder): string[][] {
  const named = (state.onConflict ?? []).flatMap(({ fields }) =>
    Array.isArray(fields) ? [fields.map(String)] : [],
  )
  return [keyColumns(mainAlias.meta), ...named]
}

/** Locks what it finds, so that nothing goes to the trash before it is written. */
async function refuseTrashed(builder: AnyQueryBuilder, session: AtomicSession): Promise<void> {
  const { meta } = builder.mainAlias
  const rows: unknown[] = Utils.asArray<unknown>(builder.state.data)
  const ctx = session.getTransactionContext()
  const { schema } = builder.state
  for (const columns of keysOf(builder)) {
    const keys = rows.flatMap((row) => keyOf(row, columns) ?? [])
    for (const chunk of chunksOf(keys)) {
      const where = { $and: [isAmong(session, columns, chunk), { [DELETED_AT]: { $ne: null } }] }
      const query = queryColumns(session, meta, columns, where, {
        ...(ctx ? { ctx } : {}),
        ...(schema ? { schema } : {}),
      })
      if (ctx) query.setLockMode(LockMode.PESSIMISTIC_WRITE)
      const [trashed] = await asOwnRead(() => query.limit(1).execute<Record<string, unknown>[]>('all', false))
      if (trashed) throw new TrashedKeyError(meta.className, trashed)
    }
  }
}

/** @returns nothing where the database makes the key, or a part of it */
function keyOf(row: unknown, columns: readonly string[]): [unknown[]] | undefined {
  if (typeof row !== 'object' || row === null) return undefined
  const values = columns.map((column): unknown => Reflect.get(row, column))
  return values.every((value) => value != null && !isRaw(value)) ? [values] : undefined
}
