/** @module Trashes what follows rows in the trash: one statement for each relation and level, whatever is loaded. */
import type { DriverMethodOptions, EntityMetadata } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'
import { asOwnRead } from '../insight/own-reads.ts'
import type { RollbackJournal } from '../sessions/rollback-journal.ts'
import { DELETED_AT } from './deleted-at.ts'
import { type Follower, followersOf, leaderColumns, referredColumns } from './followers.ts'
import { type KeyRow, MOST_KEYS, queryColumns } from './key-rows.ts'
import { follows, followsAmong } from './links.ts'
import { stampChange } from './trash.ts'
import { mirrorTrashed } from './trash-memory.ts'

/** A session, as far as the trash needs it. */
export interface TrashingSession extends SqlEntityManager {
  readonly journal: RollbackJournal
}

export interface CascadeOptions extends Pick<DriverMethodOptions, 'ctx' | 'schema' | 'loggerContext'> {
  /** Narrows the rows that are followed, in the words of the ORM: without an index on the stamp they are found by it. */
  readonly where?: object
  /** What the entities showed before; default: that of the transaction. */
  readonly journal?: RollbackJournal
}

/**
 * Trashes the live rows that follow those of a model which carry a stamp, and what follows these, with the same stamp.
 * Call it in the transaction that has trashed the first ones. Entities in memory show it afterwards.
 */
export async function cascadeTrash(
  session: TrashingSession,
  meta: EntityMetadata,
  stamp: Date,
  options: CascadeOptions = {},
): Promise<void> {
  await asOwnRead(() => new Spreading(session, stamp, options).from(meta.root, options.where ?? {}))
}

/** The keys of rows; undefined when there are too many to name, and they are found by their stamp. */
type Keys = readonly KeyRow[] | undefined

class Spreading {
  readonly #session: TrashingSession
  readonly #stamp: Date
  readonly #journal: RollbackJournal
  readonly #options: DriverMethodOptions

  constructor(session: TrashingSession, stamp: Date, { where: _, journal, ...options }: CascadeOptions) {
    this.#session = session
    this.#stamp = stamp
    this.#journal = journal ?? session.journal
    const ctx = options.ctx ?? session.getTransactionContext()
    this.#options = { ...options, ...(ctx ? { ctx } : {}) }
  }

  async from(meta: EntityMetadata, where: object): Promise<void> {
    if (followersOf(this.#session, meta).length === 0) return
    await this.#spread(meta, await this.#stamped(meta, where))
  }

  async #spread(meta: EntityMetadata, parents: Keys): Promise<void> {
    if (parents?.length === 0) return
    for (const follower of followersOf(this.#session, meta)) {
      const child = follower.meta
      const live = { ...this.#following(meta, follower, parents), [DELETED_AT]: null }
      const { affectedRows } = await this.#session
        .getDriver()
        .nativeUpdate(child.class, live, stampChange(this.#stamp), { ...this.#options })
      if (affectedRows === 0) continue
      await mirrorTrashed(this.#session, this.#journal, child, this.#stamp, this.#options)
      if (followersOf(this.#session, child).length === 0) continue
      await this.#spread(child, await this.#stamped(child, this.#following(meta, follower, parents)))
    }
  }

  #following(parent: EntityMetadata, follower: Follower, parents: Keys): object {
    if (parents) return follows(this.#session, follower, parents)
    const { sql, params } = this.#query(parent, leaderColumns(follower), {}).toQuery()
    // A table of its own, since MySQL does not update one that its condition reads: trees.
    return followsAmong(this.#session, follower, `select * from (${sql}) as trashed`, params)
  }

  /** What others refer to in the rows that carry the stamp. */
  async #stamped(meta: EntityMetadata, where: object): Promise<Keys> {
    const query = this.#query(meta, referredColumns(this.#session, meta), where)
    const rows = await query.limit(MOST_KEYS + 1).execute<KeyRow[]>('all', false)
    return rows.length > MOST_KEYS ? undefined : rows
  }

  #query(meta: EntityMetadata, columns: Iterable<string>, where: object) {
    const stamped = { ...where, [DELETED_AT]: this.#stamp }
    return queryColumns(this.#session, meta, columns, stamped, this.#options)
  }
}
