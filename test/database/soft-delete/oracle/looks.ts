/** @module Compares what every way of reading gives with the ledger. */
import type { Session } from 'limber/database'
import { expect } from 'vitest'
import type { Strategy } from '../describe-path.ts'
import { collectionOf, condition, MODELS, type Thing, WORDS } from './house.ts'
import { type Kind, type Ledger, PARENTS, type Row } from './ledger.ts'
import { collectionsBelow } from './truth.ts'

const numbers = (things: readonly { readonly id?: number | undefined }[]) =>
  things.map(({ id }) => Number(id)).sort((a, b) => a - b)

/** What a session sees, also of what it has changed itself. */
export async function expectLook(session: Session, ledger: Ledger, kind: Kind): Promise<void> {
  const model = MODELS[kind]
  const all = condition({})
  expect(numbers(await session.find(model, all))).toEqual(numbers(ledger.of(kind)))
  const withTrashed = await session.find(model, all, { withTrashed: true })
  expect(numbers(withTrashed)).toEqual(numbers(ledger.of(kind, 'all')))
  const onlyTrashed = await session.find(model, all, { onlyTrashed: true })
  expect(numbers(onlyTrashed)).toEqual(numbers(ledger.of(kind, 'trashed')))
  expect(await session.count(model, all)).toBe(ledger.of(kind).length)
  expect(await session.count(model, all, { onlyTrashed: true })).toBe(ledger.of(kind, 'trashed').length)
  expect(await session.createQueryBuilder(model).getCount()).toBe(ledger.of(kind).length)
  for (const { id, operation } of ledger.of(kind, 'all')) {
    const found = await session.findOne(model, condition({ id }))
    expect(found?.id ?? null, `findOne of ${kind} ${id}`).toBe(operation === null ? id : null)
  }
}

/** Reads rows with none, some or all of their relations, so that memory holds more or less of them. */
export async function load(session: Session, kind: Kind, relations: number): Promise<void> {
  const below = collectionsBelow(kind).map(({ inverse }) => inverse)
  const above = PARENTS[kind]?.property
  const choices = [[], below, above ? [above] : [], above ? [...below, above] : below]
  await session.find(MODELS[kind], condition({}), { populate: (choices[relations] ?? []) as never })
}

/** What a session that knows nothing yet reads of the relations between rows. */
export async function expectRelations(
  session: Session,
  ledger: Ledger,
  kinds: readonly Kind[],
  strategy: Strategy,
): Promise<void> {
  for (const kind of kinds) {
    const below = collectionsBelow(kind)
    const above = PARENTS[kind]?.property
    const populate = [...below.map(({ inverse }) => inverse), ...(above ? [above] : [])]
    if (kind === 'Book') populate.push('tags')
    for (const withTrashed of [false, true]) {
      session.clear()
      const options = { populate: populate as never, strategy, withTrashed }
      const found = await session.find(MODELS[kind], condition({}), options)
      const rows = ledger.of(kind, withTrashed ? 'all' : 'live')
      const wanted = rows.map((row) => wantedOf(ledger, row, withTrashed))
      expect(sorted(found.map((thing) => shownOf(thing, kind)))).toEqual(sorted(wanted))
    }
    await expectConditions(session, ledger, kind)
  }
}

function wantedOf(ledger: Ledger, row: Row, withTrashed: boolean) {
  const isSeen = (other: Row | undefined) => other && (withTrashed || other.operation === null)
  const parent = ledger.row(row.parent)
  const below = collectionsBelow(row.kind).map(({ of, inverse }) => [
    inverse,
    numbers(ledger.of(of, 'all').filter((child) => child.parent === row.key && isSeen(child))),
  ])
  const tags = ledger.links.filter(({ book }) => book === row.key).map(({ tag }) => ledger.row(tag))
  return {
    id: Number(row.id),
    parent: isSeen(parent) ? parent?.id : null,
    below: Object.fromEntries(below),
    tags: row.kind === 'Book' ? numbers(tags.flatMap((tag) => (tag && isSeen(tag) ? [tag] : []))) : [],
  }
}

function shownOf(thing: Thing, kind: Kind) {
  const above = PARENTS[kind]?.property
  const parent: unknown = above ? Reflect.get(thing, above) : null
  const below = collectionsBelow(kind).map(({ inverse }) => [
    inverse,
    numbers(collectionOf(thing, inverse).getItems()),
  ])
  return {
    id: thing.id,
    parent: parent instanceof Object ? Reflect.get(parent, 'id') : null,
    below: Object.fromEntries(below),
    tags: kind === 'Book' ? numbers(collectionOf(thing, 'tags').getItems()) : [],
  }
}

/** What is in the trash fulfils no condition on a relation. */
async function expectConditions(session: Session, ledger: Ledger, kind: Kind): Promise<void> {
  session.clear()
  const find = async (keys: object) => numbers(await session.find(MODELS[kind], condition({ ...keys })))
  const rows = ledger.of(kind)
  const relation = PARENTS[kind]
  if (relation) {
    const { property, to } = relation
    const known = { [property]: { [WORDS[to]]: { $ne: 'nobody has this' } } }
    const withLiveParent = rows.filter(({ parent }) => parent !== null && ledger.isLive(parent))
    expect(await find(known), `${kind} by its ${property}`).toEqual(numbers(withLiveParent))
    const query = session
      .createQueryBuilder(MODELS[kind], 'k')
      .leftJoinAndSelect(`k.${property}` as never, 'p')
    expect(numbers(await query.getResult()), `${kind} with ${property} joined`).toEqual(numbers(rows))
  }
  for (const { of, inverse } of collectionsBelow(kind)) {
    const hasChild = ({ key }: Row) => ledger.of(of).some(({ parent }) => parent === key)
    expect(await find({ [inverse]: { $some: {} } }), `${kind} with some ${inverse}`).toEqual(
      numbers(rows.filter(hasChild)),
    )
    expect(await find({ [inverse]: { $none: {} } }), `${kind} with no ${inverse}`).toEqual(
      numbers(rows.filter((row) => !hasChild(row))),
    )
  }
}

const sorted = <T extends { readonly id: number }>(rows: T[]) => rows.sort((a, b) => a.id - b.id)
