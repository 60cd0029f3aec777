import type { Application } from 'limber'
import { ConstraintViolationError, Model, type Session } from 'limber/database'
import { Entity, ManyToOne, type Opt, Property, type Ref } from 'limber/database/mapping'
import { expect, it } from 'vitest'
import { openLibrary } from './support/library-application.ts'

@Entity()
class Shelf extends Model {
  @Property({ unique: true })
  label!: string

  @Property({ type: 'integer', version: true })
  version!: Opt<number>
}

@Entity()
class Folio extends Model {
  @Property()
  title!: string

  @ManyToOne(() => Shelf, { ref: true })
  shelf!: Ref<Shelf>
}

async function openShelves() {
  const library = await openLibrary({ models: [Shelf, Folio] })
  library.raw.exec("insert into shelf (id, label) values (1, 'A')")
  return {
    ...library,
    labels: () => library.rows('select label from shelf order by id').map((row) => row.label),
  }
}

it('a value that is taken is a conflict, and undoes the whole scope', async () => {
  const { app, labels } = await openShelves()
  const failed = app.scope(async () => {
    const session = app.make('db.session')
    session.create(Shelf, { label: 'B' })
    await session.flush()
    session.create(Shelf, { label: 'A' })
  })
  await expect(failed).rejects.toMatchObject({ code: 'LIMBER_UNIQUE_VIOLATION', kind: 'conflict' })
  expect(labels()).toEqual(['A'])
})

it('a value that is taken is the same conflict when it is inserted directly', async () => {
  const { app } = await openShelves()
  const failed = app.scope(() => app.make('db.session').insert(Shelf, { label: 'A' }))
  await expect(failed).rejects.toMatchObject({ code: 'LIMBER_UNIQUE_VIOLATION' })
})

it('a value that is taken is the same conflict inside a nested transaction, and the scope can go on', async () => {
  const { app, labels } = await openShelves()
  await app.scope(async () => {
    const session = app.make('db.session')
    const inner = session.transactional(async (em) => void em.create(Shelf, { label: 'A' }))
    await expect(inner).rejects.toMatchObject({ code: 'LIMBER_UNIQUE_VIOLATION' })
    await session.insert(Shelf, { label: 'C' })
  })
  expect(labels()).toEqual(['A', 'C'])
})

it.each([
  ['the scope', (_: Application, work: () => Promise<void>) => work()],
  ['its savepoint', (app: Application, work: () => Promise<void>) => app.make('db').transaction(work)],
])('a failure that was caught ends %s, which says why', async (_, within) => {
  const { app, labels } = await openShelves()
  const failed = app.scope(() =>
    within(app, async () => {
      const session = app.make('db.session')
      session.create(Shelf, { label: 'A' })
      await session.flush().catch(() => 'it is there already')
    }),
  )
  await expect(failed).rejects.toMatchObject({
    code: 'LIMBER_TRANSACTION_FAILED',
    kind: 'conflict',
    message: expect.stringContaining('something in it has failed before, and that was caught: A value that'),
    hint: expect.stringContaining('db.transaction()'),
    cause: { code: 'LIMBER_UNIQUE_VIOLATION' },
  })
  expect(labels()).toEqual(['A'])
})

it('a reference to nothing is refused by the database', async () => {
  const { app, rows } = await openShelves()
  const failed = app.scope(() => {
    const session = app.make('db.session')
    session.create(Folio, { title: 'Lost', shelf: session.getReference(Shelf, 9, { wrapped: true }) })
  })
  await expect(failed).rejects.toMatchObject({
    code: 'LIMBER_CONSTRAINT_VIOLATION',
    kind: 'conflict',
    message: 'A reference between rows refused the change.',
    hint: 'Refer to a row that is there, or delete what refers to a row before the row itself.',
  })
  expect(rows('select * from folio')).toEqual([])
})

it('what a rule of the database is told by speaks of nothing that a client cannot see', async () => {
  const { app } = await openShelves()
  const told = async (sql: string) => {
    const failed = app.scope(() => app.make('db.session').execute(sql))
    const error = await failed.catch((error: unknown) => error)
    if (!(error instanceof ConstraintViolationError)) throw error
    return error
  }
  const nothing = await told('insert into folio (title, shelf_id) values (null, 1)')
  expect(nothing.message).toBe('A value that must not be null refused the change.')
  expect(`${nothing.message} ${nothing.hint}`).not.toContain('cause')
  expect(nothing.cause).toMatchObject({ message: 'NOT NULL constraint failed: folio.title' })
})

it('a row that somebody else changed meanwhile is not overwritten', async () => {
  const { app, raw, labels } = await openShelves()
  const failed = app.scope(async () => {
    const shelf = await app.make('db.session').findOneOrFail(Shelf, 1)
    raw.exec("update shelf set label = 'theirs', version = version + 1")
    shelf.label = 'mine'
  })
  await expect(failed).rejects.toMatchObject({ code: 'LIMBER_STALE_MODEL', kind: 'conflict' })
  expect(labels()).toEqual(['theirs'])
})

it('a database that somebody else keeps locked is unavailable', async () => {
  const { sqlite } = await import('limber/database/sqlite')
  const driver = sqlite({ file: 'library.sqlite', busyTimeout: 0 })
  const { app, raw, rows } = await openLibrary({ models: [Shelf, Folio], driver })
  raw.exec('begin immediate')
  const failed = app.scope(() => void app.make('db.session').create(Shelf, { label: 'A' }))
  await expect(failed).rejects.toMatchObject({ code: 'LIMBER_DATABASE_UNAVAILABLE', kind: 'unavailable' })
  raw.exec('rollback')
  await app.scope(() => void app.make('db.session').create(Shelf, { label: 'B' }))
  expect(rows('select label from shelf')).toEqual([{ label: 'B' }])
})

it('the next scope works after one that failed', async () => {
  const { app, labels } = await openShelves()
  const write = (label: string) => app.scope(() => void app.make('db.session').create(Shelf, { label }))
  await expect(write('A')).rejects.toMatchObject({ code: 'LIMBER_UNIQUE_VIOLATION' })
  await write('B')
  expect(labels()).toEqual(['A', 'B'])
})

it('what a scope created and lost can be saved by the next one', async () => {
  const { app, labels, rows } = await openShelves()
  const shelf = await lose(app, async (session) => {
    const shelf = session.create(Shelf, { label: 'B' })
    await session.flush()
    return shelf
  })
  expect(shelf.id).toBeUndefined()
  await app.scope(async () => {
    const session = app.make('db.session')
    await session.insert(Shelf, { label: 'C' })
    session.persist(shelf)
  })
  expect(labels()).toEqual(['A', 'C', 'B'])
  expect(rows('select id from shelf order by id')).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }])
})

it('what a nested transaction created is forgotten with its scope, and a key of its own is kept', async () => {
  const { app, labels } = await openShelves()
  const shelf = await lose(app, (session) =>
    session.transactional(async (em) => {
      const shelf = em.create(Shelf, { id: 40, label: 'B' })
      await em.flush()
      return shelf
    }),
  )
  expect(shelf.id).toBe(40)
  await app.scope(() => void app.make('db.session').persist(shelf))
  expect(labels()).toEqual(['A', 'B'])
})

async function lose<T>(app: Application, work: (session: Session) => Promise<T>): Promise<T> {
  let result: T | undefined
  const scope = app.scope(async () => {
    result = await work(app.make('db.session'))
    throw new Error('lost')
  })
  await expect(scope).rejects.toThrow('lost')
  // The scope has failed after the work.
  return result as T
}
