/** @module A stamp for one operation that nothing around its rows carries yet, whoever has written it. */
import type { DriverMethodOptions, EntityMetadata } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'
import { asOwnRead } from '../insight/own-reads.ts'
import { DELETED_AT, stampColumn } from './deleted-at.ts'
import { type Follower, followerColumns, followersOf, leadersOf, referredColumns } from './followers.ts'
import { type KeyRow, keyColumns, MOST_KEYS, queryColumns } from './key-rows.ts'
import { follows, leads } from './links.ts'
import { operationStamp } from './trash.ts'

/** The rows that an operation is about to trash, without those that follow. */
export interface Roots {
  readonly meta: EntityMetadata
  /** In the words of the ORM, made anew for each statement. */
  readonly where: () => object
}

/**
 * Gives the stamp of an operation. Another process may have given the same to a row that the cascade connects with these;
 * then restoring one operation would restore a part of the other.
 *
 * Two operations that do not see each other, since neither has committed, may still meet: in the same millisecond, on
 * connected rows. So may one of so many rows that they are not looked at one by one.
 */
export async function freeStamp(
  em: SqlEntityManager,
  roots: readonly Roots[],
  options: DriverMethodOptions,
): Promise<Date> {
  for (;;) {
    const stamp = operationStamp()
    const search = new Search(em, stamp, options)
    if (!(await asOwnRead(() => search.findsIt(roots)))) return stamp
  }
}

class Search {
  readonly #em: SqlEntityManager
  readonly #stamp: Date
  readonly #options: DriverMethodOptions
  /** Rows may follow each other in a circle. */
  readonly #seen = new Set<string>()

  constructor(em: SqlEntityManager, stamp: Date, options: DriverMethodOptions) {
    this.#em = em
    this.#stamp = stamp
    this.#options = options
  }

  async findsIt(roots: readonly Roots[]): Promise<boolean> {
    for (const { meta, where } of roots) {
      if (followersOf(this.#em, meta).length + leadersOf(this.#em, meta).length === 0) continue
      const rows = await this.#read(meta.root, { ...where(), [DELETED_AT]: null })
      if (await this.#isAround(meta.root, rows)) return true
    }
    return false
  }

  /** Looks above rows and below them. What is below and live becomes part of the operation. */
  async #isAround(meta: EntityMetadata, found: readonly KeyRow[], from?: Follower): Promise<boolean> {
    const rows = found.filter((row) => this.#isNew(meta, row))
    if (rows.length === 0 || rows.length > MOST_KEYS) return false
    for (const leader of leadersOf(this.#em, meta)) {
      if (leader !== from && (await this.#isAbove(leader, rows))) return true
    }
    for (const follower of followersOf(this.#em, meta)) {
      const state = { $or: [{ [DELETED_AT]: null }, { [DELETED_AT]: this.#stamp }] }
      const below = await this.#read(follower.meta, { $and: [follows(this.#em, follower, rows), state] })
      const column = stampColumn(follower.meta)
      if (below.some((row) => row[column] !== null)) return true
      if (await this.#isAround(follower.meta, below, follower)) return true
    }
    return false
  }

  async #isAbove(leader: Follower, rows: readonly KeyRow[]): Promise<boolean> {
    const parent = (leader.isHeldByLeader ? leader.holder : leader.property.targetMeta)?.root
    if (!parent) return false
    const isParent = leads(this.#em, leader, rows)
    const found = await this.#read(parent, { $and: [isParent, { [DELETED_AT]: this.#stamp }] })
    return found.length > 0
  }

  #isNew(meta: EntityMetadata, row: KeyRow): boolean {
    const key = JSON.stringify([meta.uniqueName, ...keyColumns(meta).map((column) => String(row[column]))])
    return this.#seen.size < this.#seen.add(key).size
  }

  /** Reads what refers to rows, what they refer to, and their stamp. */
  #read(meta: EntityMetadata, where: object): Promise<KeyRow[]> {
    const columns = new Set([
      ...keyColumns(meta),
      ...referredColumns(this.#em, meta),
      ...leadersOf(this.#em, meta).flatMap(followerColumns),
      stampColumn(meta),
    ])
    return queryColumns(this.#em, meta, columns, where, this.#options)
      .limit(MOST_KEYS + 1)
      .execute<KeyRow[]>('all', false)
  }
}
