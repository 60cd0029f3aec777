/** @module Trashes what follows rows in the trash: one statement for each relation and level, whatever is loaded. */
import type { DriverMethodOptions, EntityMetadata } from '@mikro-orm/core'
import { raw } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'
import { asOwnRead } from '../insight/own-reads.ts'
import type { RollbackJournal } from '../sessions/rollback-journal.ts'
import { DELETED_AT } from './deleted-at.ts'
import { type Follower, followersOf } from './followers.ts'
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

/** Up to this many keys are named in a statement; more rows are found by their stamp. */
const MOST_KEYS = 5_000

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

type Key = Readonly<Record<string, unknown>>
/** The keys of rows; undefined when there are too many to name. */
type Keys = readonly Key[] | undefined

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
      const isFollowing = this.#isFollowing(meta, follower, parents)
      const live = { ...isFollowing(), [DELETED_AT]: null }
      const { affectedRows } = await this.#session
        .getDriver()
        .nativeUpdate(follower.meta.class, live, stampChange(this.#stamp), { ...this.#options })
      if (affectedRows === 0) continue
      await mirrorTrashed(this.#session, this.#journal, follower.meta, this.#stamp, this.#options)
      if (followersOf(this.#session, follower.meta).length === 0) continue
      await this.#spread(follower.meta, await this.#stamped(follower.meta, isFollowing()))
    }
  }

  /** The condition that a row refers to one of the parents. It is made anew for each statement, which uses it up. */
  #isFollowing(parent: EntityMetadata, follower: Follower, parents: Keys): () => object {
    const { joinColumns: columns, referencedColumnNames: referred } = follower.property
    const platform = this.#session.getPlatform()
    const tuple = (parts: readonly string[]) => (parts.length === 1 ? parts[0] : `(${parts.join(', ')})`)
    const own = tuple(columns.map((column) => platform.quoteIdentifier(column)))
    if (parents) {
      const list = parents.map(() => tuple(referred.map(() => '?'))).join(', ')
      const values = parents.flatMap((key) => referred.map((column) => key[column]))
      return () => ({ [raw(`${own} in (${list})`, values)]: [] })
    }
    const { sql, params } = this.#query(parent, {}, referred).toQuery()
    // A table of its own, since MySQL does not update one that its condition reads: trees.
    return () => ({ [raw(`${own} in (select * from (${sql}) as trashed)`, [...params])]: [] })
  }

  /** What others refer to in the rows that carry the stamp. */
  async #stamped(meta: EntityMetadata, where: object): Promise<Keys> {
    const followers = followersOf(this.#session, meta)
    const columns = new Set(followers.flatMap(({ property }) => property.referencedColumnNames))
    const rows = await this.#query(meta, where, columns)
      .limit(MOST_KEYS + 1)
      .execute<Key[]>('all', false)
    return rows.length > MOST_KEYS ? undefined : rows
  }

  #query(meta: EntityMetadata, where: object, columns: Iterable<string>) {
    const { ctx, loggerContext, schema = meta.schema } = this.#options
    const query = this.#session.getDriver().createQueryBuilder(meta.class, ctx, 'write', true, loggerContext)
    if (schema) query.withSchema(schema)
    return query.select([...columns]).where({ ...where, [DELETED_AT]: this.#stamp })
  }
}
