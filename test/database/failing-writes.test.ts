import { Model } from 'limber/database'
import { Entity, ManyToOne, Property, type Ref } from 'limber/database/mapping'
import { expect, it } from 'vitest'
import { openLibrary } from './support/library-application.ts'

@Entity()
class Shelf extends Model {
  @Property({ unique: true })
  label!: string

  @Property({ version: true })
  version!: number
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
  return { ...library, labels: () => library.rows('select label from shelf order by id').map((row) => row.label) }
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

it('a reference to nothing is refused by the database', async () => {
  const { app, rows } = await openShelves()
  const failed = app.scope(() => {
    const session = app.make('db.session')
    session.create(Folio, { title: 'Lost', shelf: session.getReference(Shelf, 9, { wrapped: true }) })
  })
  await expect(failed).rejects.toMatchObject({ code: 'LIMBER_CONSTRAINT_VIOLATION', kind: 'conflict' })
  expect(rows('select * from folio')).toEqual([])
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
  const { app, raw, labels } = await openLibrary({ models: [Shelf, Folio], driver })
  raw.exec('begin immediate')
  const failed = app.scope(() => void app.make('db.session').create(Shelf, { label: 'A' }))
  await expect(failed).rejects.toMatchObject({ code: 'LIMBER_DATABASE_UNAVAILABLE', kind: 'unavailable' })
  raw.exec('rollback')
  await app.scope(() => void app.make('db.session').create(Shelf, { label: 'B' }))
  expect(labels()).toEqual(['B'])
})

it('the next scope works after one that failed', async () => {
  const { app, labels } = await openShelves()
  const write = (label: string) => app.scope(() => void app.make('db.session').create(Shelf, { label }))
  await expect(write('A')).rejects.toMatchObject({ code: 'LIMBER_UNIQUE_VIOLATION' })
  await write('B')
  expect(labels()).toEqual(['A', 'B'])
})

it('after an error nothing in memory says that it was saved', async () => {
  const { app } = await openShelves()
  const kept: { created?: Shelf; read?: Shelf } = {}
  const failed = app.scope(async () => {
    const session = app.make('db.session')
    kept.read = await session.findOneOrFail(Shelf, 1)
    kept.created = session.create(Shelf, { label: 'B' })
    await session.flush()
    throw new Error('regret')
  })
  await expect(failed).rejects.toThrow('regret')
  const session = app.make('db').openSession()
  expect(session.getUnitOfWork().getIdentityMap().values()).toEqual([])
  const { wrap } = await import('@mikro-orm/core')
  for (const entity of [kept.created, kept.read]) expect(wrap(entity as Shelf, true).__managed).toBeFalsy()
})
