/** @module Steps whose statements run at once: bulk deletes, restores, upserts, and deleting for good. */
import { type Session, UniqueViolationError } from 'limber/database'
import { expect } from 'vitest'
import { condition, entityOf, MODELS } from './house.ts'
import { type Kind, type Ledger, PARENTS, type Row } from './ledger.ts'
import type { StepAtOnce, Where } from './steps.ts'

export async function takeAtOnce(
  session: Session,
  ledger: Ledger,
  step: StepAtOnce,
  word: string,
): Promise<void> {
  if (step.do === 'upsert') await upsert(session, ledger, step, word)
  else if (step.do === 'restore where') {
    const rows = picked(ledger.of(step.kind, 'all'), step.rows)
    await restore(session, ledger, rows, () => session.restore(MODELS[step.kind], ids(rows)))
  } else if ('where' in step) await deleteWhere(session, ledger, step)
  else {
    const row = ledger.rows[step.row % ledger.rows.length]
    if (!row) return
    if (step.do === 'restore') {
      const entity = await entityOf(session, row)
      await restore(session, ledger, [row], () => session.restore(entity))
    } else await deleteForGood(session, ledger, step, row)
  }
}

/** Brings everything back or, where two live rows would have what only one may have, nothing. */
async function restore(
  session: Session,
  ledger: Ledger,
  rows: readonly Row[],
  run: () => Promise<unknown>,
): Promise<void> {
  if (ledger.hasConflict(ledger.comingBack(rows))) {
    await expect(session.transaction(run)).rejects.toBeInstanceOf(UniqueViolationError)
    return
  }
  await run()
  ledger.restore(rows)
}

async function deleteWhere(
  session: Session,
  ledger: Ledger,
  step: StepAtOnce & { do: 'native delete' | 'query builder' },
): Promise<void> {
  const found = rowsWhere(ledger, step.kind, step.where)
  if (!found) return
  const { rows, where } = found
  const count =
    step.do === 'native delete'
      ? await session.nativeDelete(MODELS[step.kind], where)
      : (
          await session
            .createQueryBuilder(MODELS[step.kind])
            .delete(where as never)
            .execute()
        ).affectedRows
  const live = rows.filter(({ operation }) => operation === null)
  expect(count, `${step.do} of ${step.kind}`).toBe(live.length)
  ledger.trash(live)
}

function rowsWhere(ledger: Ledger, kind: Kind, where: Where) {
  const all = ledger.of(kind, 'all')
  if (typeof where === 'object' && 'rows' in where) {
    const rows = picked(all, where.rows)
    return { rows, where: ids(rows) }
  }
  const relation = PARENTS[kind]
  if (!relation) return undefined
  if (where === 'parent is live') {
    // The condition needs the row of the parent.
    const live = condition({ [relation.property]: { deletedAt: null, id: { $ne: 0 } } })
    return { rows: all.filter(({ parent }) => parent !== null && ledger.isLive(parent)), where: live }
  }
  const parents = ledger.of(relation.to, 'all')
  const parent = parents[where.parent % parents.length]
  if (!parent) return undefined
  const rows = all.filter((row) => row.parent === parent.key)
  return { rows, where: condition({ [relation.property]: parent.id }) }
}

async function deleteForGood(
  session: Session,
  ledger: Ledger,
  step: StepAtOnce & { do: 'forceRemove' | 'force' },
  row: Row,
): Promise<void> {
  const children = ledger.rows.filter(
    (child) => child.parent === row.key && PARENTS[child.kind]?.to === row.kind,
  )
  if (step.do === 'forceRemove') {
    // Children would have to go first.
    if (children.length > 0) return
    session.forceRemove(await entityOf(session, row))
    await session.flush()
  } else {
    // What refers to an author is not deleted by the database.
    if (row.kind === 'Author' && children.length > 0) return
    const model = MODELS[row.kind]
    if (step.by === 'native delete') await session.nativeDelete(model, ids([row]), { force: true })
    else
      await session
        .createQueryBuilder(model)
        .force()
        .delete(ids([row]) as never)
        .execute()
  }
  ledger.delete([row])
  // Nothing tells memory of rows that are gone for good.
  session.clear()
}

async function upsert(
  session: Session,
  ledger: Ledger,
  { kind, unique }: StepAtOnce & { do: 'upsert' },
  word: string,
): Promise<void> {
  const isTag = kind === 'Tag'
  const value = isTag ? `tag ${unique}` : `email ${unique}`
  const data = isTag ? { name: value } : { name: word, email: value }
  const entity = await session.upsert(MODELS[kind], data as never)
  const met = ledger.of(kind).find((row) => row.unique === value)
  if (met) {
    expect(entity.id, 'the row that was met').toBe(met.id)
    if (!isTag) met.word = word
    return
  }
  const row = ledger.newRow(kind, isTag ? value : word, value, null)
  row.id = entity.id
  ledger.rows.push(row)
}

const ids = (rows: readonly Row[]) => condition({ id: { $in: rows.map(({ id }) => id) } })

const picked = (rows: readonly Row[], indexes: readonly number[]) => [
  ...new Set(indexes.flatMap((index) => rows[index % rows.length] ?? [])),
]
