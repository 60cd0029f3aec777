/** @module Plays units of work on a small publishing house, and compares it with the ledger. */
import { helper } from '@mikro-orm/core'
import { isTrashed, type Session, UniqueViolationError } from 'limber/database'
import { expect } from 'vitest'
import type { World } from '../world.ts'
import { Clerk, regret } from './clerk.ts'
import { EMPTYING, kindOf, MODELS, WORDS } from './house.ts'
import { type Kind, Ledger, PARENTS, type Row } from './ledger.ts'
import { expectRelations } from './looks.ts'
import type { Unit, Work } from './steps.ts'
import { expectRows, type Stamps } from './truth.ts'

export async function playUnits(world: World, { units, kinds, strategy }: Work): Promise<void> {
  await world.app.make('db.connection').exclusive(async (run) => {
    for (const statement of EMPTYING) await run(statement)
  })
  const ledger = new Ledger()
  const stamps: Stamps = new Map()
  await furnish(world, ledger)
  for (const unit of units) {
    await playUnit(world, ledger, stamps, unit)
    await expectRows(ledger, world.sql, stamps)
  }
  await world.scope((session) => expectRelations(session, ledger, kinds, strategy))
}

async function playUnit(world: World, ledger: Ledger, stamps: Stamps, unit: Unit): Promise<void> {
  if (unit.place === 'session') return playSession(world, ledger, stamps, unit)
  const undo = ledger.remember()
  let clerk: Clerk | undefined
  const work = async (session: Session) => {
    clerk = new Clerk(session, ledger, stamps)
    await clerk.run(unit.steps)
    if (unit.fails) throw regret
  }
  try {
    await world.scope(work)
  } catch (error) {
    const isExpected =
      error === regret || (error instanceof UniqueViolationError && clerk?.expectsConflict === true)
    if (!isExpected) throw error
    undo()
    return expectStamps(ledger, clerk?.readFirst ?? [])
  }
  expect(clerk?.expectsConflict, 'a conflict that was not told').toBe(false)
  clerk?.carriedOut()
}

/** A session that somebody opens: each flush is a transaction, and there is nothing that undoes them all. */
async function playSession(world: World, ledger: Ledger, stamps: Stamps, { steps }: Unit): Promise<void> {
  await using session = world.app.make('db').openSession()
  const clerk = new Clerk(session, ledger, stamps)
  try {
    await clerk.run(steps)
    await clerk.flush()
  } catch (error) {
    if (error !== regret) throw error
  }
}

/** After a rollback, entities that have a row show whether it is in the trash. */
function expectStamps(ledger: Ledger, entities: readonly object[]): void {
  for (const entity of entities) {
    const kind = kindOf(entity)
    const id: unknown = helper(entity).getPrimaryKey()
    const row = ledger.rows.find((one) => one.kind === kind && one.id === id)
    if (!row || !helper(entity).__initialized) continue
    expect(isTrashed(entity), `after a rollback, ${kind} ${id} is trashed`).toBe(row.operation !== null)
  }
}

const FURNITURE: readonly (readonly [Kind, parent?: number | undefined, unique?: string])[] = [
  ['Author', undefined, 'email 0'],
  ['Author'],
  ['Book', 0],
  ['Book', 0],
  ['Book', 1],
  ['Chapter', 2],
  ['Chapter', 2],
  ['Chapter', 4],
  ['Note', 5],
  ['Note', 7],
  ['Prize', 0],
  ['Tag', undefined, 'tag 0'],
  ['Tag', undefined, 'tag 1'],
  ['Folder'],
  ['Folder', 13],
  ['Folder', 14],
  ['Folder', 13],
]

const LINKS = [
  [2, 11],
  [2, 12],
  [3, 11],
] as const

/** Writes what there is before anything happens. */
async function furnish(world: World, ledger: Ledger): Promise<void> {
  const rows: Row[] = []
  await world.scope(async (session) => {
    const things = new Map<Row, object>()
    for (const [kind, parent, unique = null] of FURNITURE) {
      const above = parent === undefined ? undefined : rows[parent]
      const word = kind === 'Tag' ? String(unique) : `first ${rows.length}`
      const row = ledger.newRow(kind, word, unique, above?.key ?? null)
      const { property } = PARENTS[kind] ?? {}
      const values = {
        [WORDS[kind]]: word,
        ...(kind === 'Author' ? { email: unique } : {}),
        ...(property && above ? { [property]: things.get(above) } : {}),
      }
      // The keys are those of the model, by `WORDS` and `PARENTS`.
      const thing = session.create(MODELS[kind], values as never)
      things.set(row, thing)
      rows.push(row)
    }
    await session.flush()
    for (const [row, thing] of things) row.id = Number(helper(thing).getPrimaryKey())
    for (const [book, tag] of LINKS)
      await session.execute('insert into book_tags (book_id, tag_id) values (?, ?)', [
        rows[book]?.id,
        rows[tag]?.id,
      ])
  })
  ledger.rows = rows
  ledger.links = LINKS.map(([book, tag]) => ({ book: rows[book]?.key ?? 0, tag: rows[tag]?.key ?? 0 }))
}
