/** @module Notes the entities for which an insert or upsert makes a row: they are new again when it is undone. */
import { type EntityName, helper, Utils } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'
import { keepKnown } from './known-after-upsert.ts'
import type { RollbackJournal } from './rollback-journal.ts'

interface Noting extends SqlEntityManager {
  readonly journal: RollbackJournal
}

/** Runs an insert, which makes rows of entities or of plain data. */
export async function noteInsert<R>(session: Noting, rows: unknown, insert: () => Promise<R>): Promise<R> {
  // Without a transaction it is committed at once.
  for (const entity of session.isInTransaction() ? entitiesIn(rows) : []) {
    const { __originalEntityData: original } = helper(entity)
    if (!original) session.journal.noteNew(entity, helper(entity).hasPrimaryKey())
  }
  return insert()
}

/** Runs an upsert, which gives entities of plain data too: those that memory has not known count as made by it. */
export async function noteUpsert<E extends object, R extends object>(
  session: Noting,
  target: EntityName<E> | E | E[],
  rows: unknown,
  upsert: () => Promise<R>,
): Promise<R> {
  if (!isModel(target)) return noteInsert(session, target, upsert)
  const meta = session.getMetadata().get(target)
  const { root, primaryKeys } = meta
  const store = session.getUnitOfWork(false).getIdentityMap().getStore(root)
  const known = store.size
  // Before the statement: the ORM adds to the rows what the database gives.
  const keys = new Set(listOf(rows).map((row) => Utils.getPrimaryKeyHash(keysOf(row, primaryKeys))))
  const result = await noteInsert(session, rows, () => keepKnown(session, meta, upsert))
  if (store.size === known || !session.isInTransaction()) return result
  // A map keeps its order: what is new in it comes last.
  const made = new Set<object>([...store.values()].slice(known))
  for (const entity of entitiesIn(result)) {
    if (made.has(entity)) session.journal.noteNew(entity, keys.has(helper(entity).getSerializedPrimaryKey()))
  }
  return result
}

const isModel = <E extends object>(target: EntityName<E> | E | E[]): target is EntityName<E> =>
  !Array.isArray(target) && !Utils.isEntity(target)

const keysOf = (row: unknown, names: readonly string[]) =>
  names.map((name) => String(row instanceof Object && Reflect.get(row, name)))

const entitiesIn = (rows: unknown) => listOf(rows).filter((row): row is object => Utils.isEntity(row))

const listOf = (rows: unknown): readonly unknown[] => (Array.isArray(rows) ? rows : [rows])
