/** @module Brings rows back from the trash, with exactly what the same operation had trashed with them. */
import type { DriverMethodOptions, EntityMetadata, FilterQuery, FindOptions } from '@mikro-orm/core'
import { FlushMode, helper } from '@mikro-orm/core'
import { asOwnRead } from '../insight/own-reads.ts'
import type { RollbackJournal } from '../sessions/rollback-journal.ts'
import type { AtomicSession } from './bulk-delete.ts'
import { DELETED_AT, stampOf } from './deleted-at.ts'
import { hasKey } from './entity-rows.ts'
import { followersOf, referredColumns } from './followers.ts'
import { chunksOf, type KeyRow, readColumns, refersTo } from './key-rows.ts'
import { stampChange } from './trash.ts'
import { mirrorRestored } from './trash-memory.ts'

/** @returns whether the row was in the trash with the stamp that the entity shows */
export async function restoreEntity(session: AtomicSession, entity: object): Promise<boolean> {
  const stamp = stampOf(entity)
  if (!stamp) return false
  const { root } = helper(entity).__meta
  return session.atomically(async (ctx, journal) => {
    const restoring = new Restoring(session, journal, stamp, root, ctx)
    return (await restoring.rows(root, [helper(entity).getPrimaryKey()])) > 0
  })
}

/** @returns how many rows of this model were restored, without those that came back with them */
export async function restoreAll<T extends object>(
  session: AtomicSession,
  meta: EntityMetadata<T>,
  where: FilterQuery<NoInfer<T>>,
): Promise<number> {
  const { primaryKeys } = meta.root
  return session.atomically(async (ctx, journal) => {
    const reading = {
      ctx,
      fields: [...primaryKeys, DELETED_AT],
      onlyTrashed: true,
      disableIdentityMap: true,
      flushMode: FlushMode.COMMIT,
      // The names are those of the metadata, which the types of the ORM cannot know.
    } as unknown as FindOptions<T> & { using?: never[] }
    const found = await asOwnRead(() => session.find<T>(meta.class, where, reading))
    let count = 0
    for (const [time, rows] of Map.groupBy(found, (row) => stampOf(row)?.getTime())) {
      if (time === undefined) continue
      const restoring = new Restoring(session, journal, new Date(time), meta.root, ctx)
      const keys = rows.map((row) => helper(row).getPrimaryKey())
      for (const chunk of chunksOf(keys)) count += await restoring.rows(meta.root, chunk)
    }
    return count
  })
}

/** Brings back rows of one operation. */
class Restoring {
  readonly #session: AtomicSession
  readonly #journal: RollbackJournal
  readonly #stamp: Date
  readonly #options: DriverMethodOptions

  constructor(
    session: AtomicSession,
    journal: RollbackJournal,
    stamp: Date,
    { schema }: EntityMetadata,
    ctx: DriverMethodOptions['ctx'],
  ) {
    this.#session = session
    this.#journal = journal
    this.#stamp = stamp
    this.#options = { ctx, ...(schema ? { schema } : {}) }
  }

  rows(meta: EntityMetadata, keys: readonly unknown[]): Promise<number> {
    const where = hasKey(meta, keys)
    return asOwnRead(() => this.#matching(meta, () => where))
  }

  async #matching(meta: EntityMetadata, where: () => object): Promise<number> {
    const inTrash = () => ({ ...where(), [DELETED_AT]: this.#stamp })
    const followers = followersOf(this.#session, meta)
    // Read before: afterwards nothing tells them from other live rows.
    const columns = referredColumns(this.#session, meta)
    const rows = followers.length > 0 ? await this.#read(meta, columns, inTrash()) : undefined
    if (rows?.length === 0) return 0
    const { affectedRows } = await this.#session
      .getDriver()
      .nativeUpdate(meta.class, inTrash(), stampChange(null), { ...this.#options })
    if (affectedRows === 0) return 0
    await mirrorRestored(this.#session, this.#journal, meta, this.#stamp, this.#options)
    for (const follower of followers) {
      for (const parents of chunksOf(rows ?? [])) {
        await this.#matching(follower.meta, () => refersTo(this.#session, follower, parents))
      }
    }
    return affectedRows
  }

  #read(meta: EntityMetadata, columns: Iterable<string>, where: object): Promise<KeyRow[]> {
    return readColumns(this.#session, meta, columns, where, this.#options)
  }
}
