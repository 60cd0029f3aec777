/** @module Compares the ledger with the rows of the database, and with what entities in memory say. */
import { helper, Utils } from '@mikro-orm/core'
import { isTrashed, type Session } from 'limber/database'
import { expect } from 'vitest'
import { ALL_LINKS, ALL_ROWS, kindOf, type Look, type Thing, WORDS } from './house.ts'
import { type Kind, type Ledger, PARENTS, type Row } from './ledger.ts'

/** The stamp that the database has given each operation. */
export type Stamps = Map<number, string>

export async function expectRows(ledger: Ledger, look: Look, stamps: Stamps): Promise<void> {
  const rows = await look(ALL_ROWS)
  const id = (key: number | null) => ledger.row(key)?.id ?? null
  const expected = ledger.rows.map((row) => ({
    row: `${row.kind} ${row.id}`,
    word: row.word,
    parent: id(row.parent),
    state: row.operation === null ? 'live' : 'trashed',
  }))
  const found = rows.map(({ kind, id: own, word, parent, stamp }) => ({
    row: `${kind} ${own}`,
    word,
    parent: parent === null ? null : Number(parent),
    state: stamp === null ? 'live' : 'trashed',
  }))
  expect(sorted(found)).toEqual(sorted(expected))
  const links = (await look(ALL_LINKS)).map(({ book_id, tag_id }) => ({ row: `${book_id} ${tag_id}` }))
  expect(sorted(links)).toEqual(
    sorted(ledger.links.map(({ book, tag }) => ({ row: `${id(book)} ${id(tag)}` }))),
  )
  for (const { kind, id: own, stamp } of rows) expectStamp(find(ledger, kind, own), String(stamp), stamps)
}

/** Each operation has one stamp, and no other has it; the first one of a row stays. */
function expectStamp(row: Row | undefined, stamp: string, stamps: Stamps): void {
  if (!row || row.operation === null) return
  const known = stamps.get(row.operation)
  const others = [...stamps].filter(([operation]) => operation !== row.operation).map(([, other]) => other)
  if (known === undefined) expect(others, 'stamps of other operations').not.toContain(stamp)
  else expect(stamp, `stamp of ${row.kind} ${row.id}`).toBe(known)
  stamps.set(row.operation, stamp)
}

/** What is managed and has a row shows that row, and collections that were read hold what is live and theirs. */
export function expectMemory(ledger: Ledger, session: Session): void {
  const entities = session.getUnitOfWork(false).getIdentityMap().values()
  for (const entity of entities) {
    const kind = kindOf(entity)
    const row = kind && find(ledger, kind, helper(entity).getPrimaryKey())
    if (!row || !helper(entity).__initialized) continue
    expect(shown(entity, row)).toEqual(meant(ledger, entity, row))
    if (row.operation === null) expectCollections(ledger, entity, row)
  }
}

const parentOf = (entity: object, kind: Kind): Thing | null => {
  const { property } = PARENTS[kind] ?? {}
  return (property && Reflect.get(entity, property)) || null
}

const shown = (entity: object, { kind, id }: Row) => ({
  row: `${kind} ${id}`,
  word: Reflect.get(entity, WORDS[kind]),
  state: isTrashed(entity) ? 'trashed' : 'live',
  parent: parentOf(entity, kind)?.id ?? null,
})

/** A parent in the trash may read as null. */
function meant(ledger: Ledger, entity: object, row: Row) {
  const parent = ledger.row(row.parent)
  const isHidden = parent && parent.operation !== null && parentOf(entity, row.kind) === null
  return {
    row: `${row.kind} ${row.id}`,
    word: row.word,
    state: row.operation === null ? 'live' : 'trashed',
    parent: isHidden ? null : (parent?.id ?? null),
  }
}

function expectCollections(ledger: Ledger, entity: object, row: Row): void {
  const children = ledger.rows.filter(
    (child) => PARENTS[child.kind]?.to === row.kind && child.parent === row.key && child.operation === null,
  )
  for (const { inverse, of } of collectionsBelow(row.kind)) {
    const collection: unknown = Reflect.get(entity, inverse)
    if (!Utils.isCollection(collection) || !collection.isInitialized()) continue
    const own = children.filter(({ kind }) => kind === of).map(({ id }) => id)
    const held = collection.getItems(false).map((item: object) => Reflect.get(item, 'id'))
    const strangers = held.filter((id) => !own.includes(Number(id)))
    expect(strangers, `not live and theirs in ${inverse} of ${row.kind} ${row.id}`).toEqual([])
  }
}

/** @returns the collections of children that a model has */
export function collectionsBelow(kind: Kind): { of: Kind; inverse: string }[] {
  return Object.entries(PARENTS).flatMap(([of, relation]) =>
    // The keys of `PARENTS` are kinds.
    relation?.to === kind ? [{ of: of as Kind, inverse: relation.inverse }] : [],
  )
}

const find = (ledger: Ledger, kind: unknown, id: unknown) =>
  ledger.rows.find((row) => row.kind === kind && row.id === Number(id))

const sorted = <T extends { readonly row: string }>(rows: T[]) =>
  rows.sort((a, b) => (a.row < b.row ? -1 : a.row > b.row ? 1 : 0))
