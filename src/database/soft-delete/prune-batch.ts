/**
 * @module Deletes one batch of old rows from the trash, after the old rows that refer to them. A row stays to which
 * something else refers, unless the foreign key says that it becomes null: no live row ever goes with its parent.
 */
import type { DriverMethodOptions, EntityMetadata, FilterQuery, QueryOrderMap } from '@mikro-orm/core'
import { LockMode } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'
import { dialectOf } from '../connections/dialect-of.ts'
import { DELETED_AT } from './deleted-at.ts'
import { type Follower, referrersOf } from './followers.ts'
import { isAfter, isAmong, type KeyRow, keyColumns, queryColumns, readColumns } from './key-rows.ts'
import { follows } from './links.ts'
import { isSoftModel } from './soft-models.ts'

export class PruneBatch {
  readonly #em: SqlEntityManager
  readonly #old: object
  readonly #options: DriverMethodOptions
  readonly #seen = new Set<string>()
  readonly #deleted = new Map<EntityMetadata, number>()

  constructor(em: SqlEntityManager, before: Date, options: DriverMethodOptions) {
    this.#em = em
    this.#old = { [DELETED_AT]: { $lt: before } }
    this.#options = options
  }

  /**
   * @param after the last key of the batch before
   * @returns how many rows of the model were deleted, how many of the batch were left, and its last key if there may be more
   */
  async run(meta: EntityMetadata, size: number, after: KeyRow | undefined) {
    const columns = keyColumns(meta)
    const rest = after ? isAfter(this.#em, columns, after) : {}
    const rows = await this.#lock(meta, { ...rest, ...this.#old }, size)
    const left = await this.#delete(meta, rows)
    const last = rows.length < size ? undefined : rows.at(-1)
    return { count: this.#deleted.get(meta) ?? 0, left: left.length, last }
  }

  /** @returns those to which something refers */
  async #delete(meta: EntityMetadata, rows: readonly KeyRow[]): Promise<readonly KeyRow[]> {
    const referrers = referrersOf(this.#em, meta)
    let left: readonly KeyRow[] = rows.filter((row) => this.#isNew(meta, row))
    for (const referrer of referrers.filter((each) => isSoftModel(each.meta))) {
      if (left.length === 0) return left
      const isOldChild = { $and: [follows(this.#em, referrer, left), this.#old] }
      await this.#delete(referrer.meta, await this.#lock(referrer.meta, isOldChild))
    }
    // Rows of one table may refer to each other: the last of them go first.
    for (;;) {
      const free = await this.#withoutReferred(referrers, left)
      if (free.length === 0) return left
      await this.#deleteRows(meta, free)
      left = left.filter((row) => !free.includes(row))
    }
  }

  async #deleteRows(meta: EntityMetadata, rows: readonly KeyRow[]): Promise<void> {
    const columns = keyColumns(meta)
    const named = isAmong(
      this.#em,
      columns,
      rows.map((row) => columns.map((column) => row[column])),
    )
    // Somebody may have restored one where rows are not locked. Every soft-deleted model has the column.
    const where = { ...named, ...this.#old } as FilterQuery<object>
    const { affectedRows } = await this.#em.getDriver().nativeDelete(meta.class, where, { ...this.#options })
    this.#deleted.set(meta, (this.#deleted.get(meta) ?? 0) + affectedRows)
  }

  async #withoutReferred(
    referrers: readonly Follower[],
    rows: readonly KeyRow[],
  ): Promise<readonly KeyRow[]> {
    let free = rows
    for (const referrer of referrers) {
      if (free.length === 0) return free
      const { joinColumns, referencedColumnNames } = referrer.property
      const where = isAmong(
        this.#em,
        joinColumns,
        free.map((row) => referencedColumnNames.map((column) => row[column])),
      )
      const found = await readColumns(this.#em, referrer.holder, joinColumns, where, this.#options)
      const referred = new Set(found.map((row) => spell(row, joinColumns)))
      free = free.filter((row) => !referred.has(spell(row, referencedColumnNames)))
    }
    return free
  }

  /** Reads rows in the order of their keys. Where others may be at it, it locks them, and leaves alone what they have locked. */
  #lock(meta: EntityMetadata, where: object, limit?: number): Promise<KeyRow[]> {
    const referred = referrersOf(this.#em, meta).flatMap(({ property }) => property.referencedColumnNames)
    const columns = new Set([...keyColumns(meta), ...referred])
    const query = queryColumns(this.#em, meta, columns, where, this.#options)
    // The names are those of the metadata, which the types of the ORM cannot know.
    const order = Object.fromEntries(meta.primaryKeys.map((name) => [name, 'asc'])) as QueryOrderMap<object>
    query.orderBy(order)
    if (limit !== undefined) query.limit(limit)
    if (dialectOf(this.#em.config) !== 'sqlite') query.setLockMode(LockMode.PESSIMISTIC_PARTIAL_WRITE)
    return query.execute<KeyRow[]>('all', false)
  }

  #isNew(meta: EntityMetadata, row: KeyRow): boolean {
    return this.#seen.size < this.#seen.add(`${meta.uniqueName} ${spell(row, keyColumns(meta))}`).size
  }
}

function spell(row: KeyRow, columns: readonly string[]): string {
  return JSON.stringify(columns.map((column) => String(row[column])))
}
