import { Model, type Session } from 'limber/database'
import {
  Cascade,
  Collection,
  Entity,
  ManyToOne,
  OneToMany,
  Property,
  type Ref,
} from 'limber/database/mapping'
import { describe, expect, test } from 'vitest'
import { Author, Book } from '../database/fixtures/library.ts'
import { openLibrary } from '../database/support/library-application.ts'

@Entity()
class Shelf extends Model {
  @Property()
  name!: string

  @OneToMany(
    () => Box,
    (box) => box.shelf,
    { orphanRemoval: true, cascade: [Cascade.ALL] },
  )
  boxes = new Collection<Box>(this)
}

@Entity()
class Box extends Model {
  @Property()
  label!: string

  @ManyToOne(() => Shelf, { ref: true, nullable: true })
  shelf!: Ref<Shelf> | null
}

const regret = new Error('regret')

const only = <T>(items: readonly T[]): T => {
  const [item] = items
  if (item === undefined || items.length > 1) throw new Error(`${items.length} instead of one`)
  return item
}

describe('a row that was removed for good and is back with the rollback', () => {
  test('of its scope counts as one that exists', async () => {
    const { app, rows } = await openLibrary()
    const seen: Book[] = []
    const scope = app.scope(async () => {
      const book = await Book.getOrFail(1)
      seen.push(book)
      await book.forceDestroy()
      throw regret
    })
    await expect(scope).rejects.toBe(regret)
    await app.scope(async () => void (await only(seen).update({ title: 'Mathilda' }).save()))
    expect(rows('select id, title from book')).toEqual([
      { id: 1, title: 'Mathilda' },
      { id: 2, title: 'The Last Man' },
    ])
  })

  test('of a savepoint counts as one that exists, for the scope around it and the next one', async () => {
    const { app, rows } = await openLibrary()
    const seen: Book[] = []
    await app.scope(async () => {
      const book = await Book.getOrFail(1)
      seen.push(book)
      const inner = app.make('db').transaction(async () => {
        await book.forceDestroy()
        throw regret
      })
      await expect(inner).rejects.toBe(regret)
      await book.update({ title: 'first' }).save()
    })
    expect(rows('select title from book where id = 1')).toEqual([{ title: 'first' }])
    await app.scope(async () => void (await only(seen).update({ title: 'second' }).save()))
    expect(rows('select id, title from book')).toEqual([
      { id: 1, title: 'second' },
      { id: 2, title: 'The Last Man' },
    ])
  })

  test('of a scope counts as one that exists, when it was removed in a savepoint that succeeded', async () => {
    const { app, rows } = await openLibrary()
    const seen: Book[] = []
    const scope = app.scope(async () => {
      const book = await Book.getOrFail(1)
      seen.push(book)
      await app.make('db').transaction(() => book.forceDestroy())
      throw regret
    })
    await expect(scope).rejects.toBe(regret)
    await app.scope(() => void app.make('db.session').persist(only(seen)))
    expect(rows('select id from book')).toEqual([{ id: 1 }, { id: 2 }])
  })

  test('of a transaction of its own counts as one that exists', async () => {
    const { app, rows } = await openLibrary()
    await using session = app.make('db').openSession()
    const book = await session.findOneOrFail(Book, 1)
    const work = session.transaction(async () => {
      await session.forceRemove(book).flush()
      throw regret
    })
    await expect(work).rejects.toBe(regret)
    book.title = 'Mathilda'
    await book.save(session)
    expect(rows('select title from book')).toEqual([{ title: 'Mathilda' }, { title: 'The Last Man' }])
  })

  test('of a flush that failed without a transaction stays managed', async () => {
    const { app, raw, rows } = await openLibrary()
    raw.exec('create table note (author_id integer not null references author (id))')
    raw.exec('insert into note values (1)')
    await using session = app.make('db').openSession()
    const author = await session.findOneOrFail(Author, 1, { populate: ['books'] })
    const book = await session.findOneOrFail(Book, 1)
    book.title = 'pending'
    for (const one of author.books) if (one !== book) session.forceRemove(one)
    session.remove(author)
    await expect(session.flush()).rejects.toMatchObject({ code: 'LIMBER_CONSTRAINT_VIOLATION' })
    expect(await session.findOneOrFail(Author, 1)).toBe(author)
    author.name = 'Mary'
    await session.flush()
    expect(rows('select name from author')).toEqual([{ name: 'Mary' }])
    // What the failed flush had to write as well is still to be written.
    expect(rows('select id, title from book')).toEqual([
      { id: 1, title: 'pending' },
      { id: 2, title: 'The Last Man' },
    ])
  })

  test.each([
    ['by cascade', (session: Session, shelf: Shelf) => session.remove(shelf)],
    ['as an orphan', (_: Session, shelf: Shelf) => shelf.boxes.removeAll()],
    ['by condition', (session: Session) => session.nativeDelete(Box, { id: 1 })],
    ['by SQL', (session: Session) => session.execute('delete from box')],
  ])('counts as one that exists when it was removed %s', async (_, remove) => {
    const { app, rows } = await openLibrary({ models: [Shelf, Box] })
    await app.scope(() => {
      const shelf = app.make('db.session').create(Shelf, { name: 'oak' })
      app.make('db.session').create(Box, { label: 'A', shelf })
    })
    const seen: [Shelf, Box][] = []
    const scope = app.scope(async () => {
      const session = app.make('db.session')
      const shelf = await session.findOneOrFail(Shelf, 1, { populate: ['boxes'] })
      seen.push([shelf, only(shelf.boxes.getItems())])
      await remove(session, shelf)
      await session.flush()
      expect(await session.count(Box)).toBe(0)
      throw regret
    })
    await expect(scope).rejects.toBe(regret)
    const [shelf, box] = only(seen)
    expect([shelf.boxes.getItems(), box.shelf?.id]).toEqual([[box], 1])
    await app.scope(async () => {
      await shelf.update({ name: 'elm' }).save()
      await box.update({ label: 'B' }).save()
    })
    expect(rows('select * from shelf')).toEqual([{ id: 1, name: 'elm' }])
    expect(rows('select * from box')).toEqual([{ id: 1, label: 'B', shelf_id: 1 }])
  })
})
