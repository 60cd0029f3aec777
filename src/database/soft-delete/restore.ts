/** @module Brings rows back from the trash, with exactly what the same operation had trashed with them. */
import type { DriverMethodOptions, EntityMetadata, FilterQuery, FindOptions } from '@mikro-orm/core'
import { FlushMode, helper } from '@mikro-orm/core'
import { asOwnRead } from '../insight/own-reads.ts'
import type { RollbackJournal } from '../sessions/rollback-journal.ts'
import type { AtomicSession } from './bulk-delete.ts'
import { DELETED_AT, stampColumn, stampOf } from './deleted-at.ts'
import { hasKey } from './entity-rows.ts'
import { followersOf, referredColumns } from './followers.ts'
import { chunksOf, type KeyRow, MOST_KEYS, readColumns } from './key-rows.ts'
import { follows } from './links.ts'
import { stampChange } from './trash.ts'
import { mirrorRestored } from './trash-memory.ts'

/** @returns whether the row was in the trash with the stamp that the entity shows */
export async function restoreEntity(session: AtomicSession, entity: object): Promise<boolean> {
  const stamp = stampOf(entity)
  if (!stamp) return false
  const { root } = helper(entity).__meta
  return session.atomically(async (ctx, journal) => {
    const restoring = new Restoring(session, journal, root, ctx)
    return (await restoring.rows(root, [helper(entity).getPrimaryKey()], [stamp])) > 0
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
    const restoring = new Restoring(session, journal, meta.root, ctx)
    let count = 0
    for (const chunk of chunksOf(found)) {
      const keys = chunk.map((row) => helper(row).getPrimaryKey())
      count += await restoring.rows(meta.root, keys, distinct(chunk.flatMap((row) => stampOf(row) ?? [])))
    }
    return count
  })
}

/** Up to this many operations are undone in one statement: the depth of a condition is limited. */
const MOST_OPERATIONS = 100

/** Rows that were trashed by one of some operations. */
interface Trashed {
  readonly stamps: readonly Date[]
  /** Made anew for each statement, which uses it up. */
  where(): object
}

/** Rows that are brought back, and the operation that had trashed them. */
interface Operation {
  readonly stamp: Date
  readonly rows: readonly KeyRow[]
}

/** Brings back rows, and with each what the same operation had trashed with it. */
class Restoring {
  readonly #session: AtomicSession
  readonly #journal: RollbackJournal
  readonly #options: DriverMethodOptions

  constructor(
    session: AtomicSession,
    journal: RollbackJournal,
    { schema }: EntityMetadata,
    ctx: DriverMethodOptions['ctx'],
  ) {
    this.#session = session
    this.#journal = journal
    this.#options = { ctx, ...(schema ? { schema } : {}) }
  }

  rows(meta: EntityMetadata, keys: readonly unknown[], stamps: readonly Date[]): Promise<number> {
    const where = () => hasKey(meta, keys)
    return asOwnRead(() => this.#matching(meta, [{ stamps, where }]))
  }

  async #matching(meta: EntityMetadata, trashed: readonly Trashed[]): Promise<number> {
    const inTrash = () => ({
      $or: trashed.map(({ stamps, where }) => ({ ...where(), [DELETED_AT]: { $in: [...stamps] } })),
    })
    const followers = followersOf(this.#session, meta)
    // Read before: afterwards nothing tells them from other live rows.
    const operations = followers.length > 0 ? await this.#read(meta, inTrash()) : undefined
    if (operations?.length === 0) return 0
    const { affectedRows } = await this.#session
      .getDriver()
      .nativeUpdate(meta.class, inTrash(), stampChange(null), { ...this.#options })
    if (affectedRows === 0) return 0
    const stamps = trashed.flatMap((each) => each.stamps)
    await mirrorRestored(this.#session, this.#journal, meta, stamps, this.#options)
    for (const follower of followers) {
      for (const some of statementsOf(operations ?? [])) {
        const following = some.map(({ stamp, rows }) => ({
          stamps: [stamp],
          where: () => follows(this.#session, follower, rows),
        }))
        await this.#matching(follower.meta, following)
      }
    }
    return affectedRows
  }

  async #read(meta: EntityMetadata, where: object): Promise<Operation[]> {
    const columns = referredColumns(this.#session, meta).add(stampColumn(meta))
    const found = await readColumns(this.#session, meta, columns, where, this.#options)
    const driver = this.#session.getDriver()
    const timeOf = (row: KeyRow): number => {
      const stamp: unknown = Reflect.get(driver.mapResult({ ...row }, meta) ?? {}, DELETED_AT)
      return stamp instanceof Date ? stamp.getTime() : Number(stamp)
    }
    return [...Map.groupBy(found, timeOf)].map(([time, rows]) => ({ stamp: new Date(time), rows }))
  }
}

/** Puts together what one statement takes. */
function* statementsOf(operations: readonly Operation[]): Generator<Operation[]> {
  let some: Operation[] = []
  let size = 0
  for (const { stamp, rows: all } of operations) {
    for (const rows of chunksOf(all)) {
      if (some.length === MOST_OPERATIONS || size + rows.length > MOST_KEYS) {
        yield some
        some = []
        size = 0
      }
      some.push({ stamp, rows })
      size += rows.length
    }
  }
  if (some.length > 0) yield some
}

function distinct(dates: readonly Date[]): Date[] {
  return [...new Map(dates.map((date) => [date.getTime(), date])).values()]
}
