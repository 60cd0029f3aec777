import { wrap } from '@mikro-orm/core'
import type { Application } from 'limber'
import { isTrashed, type Session } from 'limber/database'
import { expect, it } from 'vitest'
import { Author, Book } from './fixtures/library.ts'
import { openLibrary } from './support/library-application.ts'

const inScope = <T>(app: Application, work: (session: Session) => T | Promise<T>) =>
  app.scope(() => work(app.make('db.session')))

async function twoLibraries() {
  const [north, south] = [await openLibrary(), await openLibrary()]
  south.raw.exec("update author set name = 'South'; update book set title = 'South ' || id")
  return { north, south }
}

it('each application reads and writes its own database, also when they take turns', async () => {
  const { north, south } = await twoLibraries()
  await inScope(north.app, async (n) => {
    const northern = await n.findOneOrFail(Book, 1, { populate: ['author'] })
    await inScope(south.app, async (s) => {
      const southern = await s.findOneOrFail(Book, 1, { populate: ['author'] })
      expect([northern.author.$.name, southern.author.$.name]).toEqual(['Mary Shelley', 'South'])
      expect(southern).not.toBe(northern)
      northern.title = 'changed in the north'
      southern.title = 'changed in the south'
      n.create(Author, { name: 'new in the north' })
      s.create(Author, { name: 'new in the south' })
      n.remove(await n.findOneOrFail(Book, 2))
    })
  })
  expect(north.titles()).toEqual(['changed in the north', 'The Last Man'])
  expect(south.titles()).toEqual(['changed in the south', 'South 2'])
  const names = (library: typeof north) => library.rows('select name from author').map((row) => row.name)
  expect(names(north)).toEqual(['Mary Shelley', 'new in the north'])
  expect(names(south)).toEqual(['South', 'new in the south'])
  const live = (library: typeof north) => library.rows('select id from book where deleted_at is null')
  expect([live(north), live(south)]).toEqual([[{ id: 1 }], [{ id: 1 }, { id: 2 }]])

  await inScope(north.app, async (n) => {
    const book = await n.findOneOrFail(Book, 2, { withTrashed: true })
    await inScope(south.app, async (s) => void s.remove(await s.findOneOrFail(Book, 2)))
    expect(await n.restore(book)).toBe(true)
    expect(isTrashed(book)).toBe(false)
  })
  expect([live(north), live(south)]).toEqual([[{ id: 1 }, { id: 2 }], [{ id: 1 }]])
})

it('an entity belongs to the application that made it, wherever it is used', async () => {
  const { north, south } = await twoLibraries()
  const books = await Promise.all(
    [north, south].map(({ app }) =>
      inScope(app, async (session) => {
        const found = await session.findOneOrFail(Book, 1)
        const created = session.create(Book, { title: 'x', author: found.author })
        const made = Object.assign(new Book(), { title: 'by hand', author: found.author })
        session.persist(made)
        await session.flush()
        return [found, created, made]
      }),
    ),
  )
  for (const [index, { connection }] of [north, south].entries()) {
    for (const book of books[index] ?? []) {
      expect(wrap(book, true).__config).toBe(connection.orm.config)
      expect(wrap(book, true).__meta).toBe(connection.orm.getMetadata().get(Book))
      expect(wrap(book, true).__platform).toBe(connection.orm.em.getPlatform())
    }
  }
})

it('an entity belongs to the application of its session also outside of any scope', async () => {
  const { north, south } = await twoLibraries()
  for (const { app, connection } of [north, south]) {
    const session = app.make('db').openSession()
    const entities = [await session.findOneOrFail(Book, 1), session.create(Author, { name: 'new' })]
    for (const entity of entities) expect(wrap(entity, true).__config).toBe(connection.orm.config)
  }
})

it('a third application reads and creates as the first two do', async () => {
  const libraries = [await openLibrary(), await openLibrary(), await openLibrary()]
  for (const { app, titles } of libraries) {
    await inScope(app, async (session) => {
      const book = await session.findOneOrFail(Book, 1)
      session.create(Book, { title: `after ${book.title}`, author: book.author })
    })
    expect(titles()).toEqual(['Frankenstein', 'The Last Man', 'after Frankenstein'])
  }
})

it('one goes on after the other has stopped, in either order', async () => {
  for (const order of [0, 1]) {
    const { north, south } = await twoLibraries()
    const [stopped, left] = order === 0 ? [north, south] : [south, north]
    await stopped.app.stop()
    await inScope(left.app, async (session) => {
      const book = await session.findOneOrFail(Book, 1, { populate: ['author'] })
      book.title = 'still here'
      session.create(Book, { title: 'new', author: book.author })
    })
    expect(left.titles()).toEqual(['still here', expect.any(String), 'new'])
    await left.app.stop()
  }
})

it('a class with one owner costs nothing: its prototype is as the ORM made it', async () => {
  const accessors = () => ['__meta', '__config', '__platform'].map((name) => typeOf(Book.prototype, name))
  const first = await openLibrary()
  const alone = accessors()
  expect(alone).toEqual(['value', 'value', 'value'])
  const second = await openLibrary()
  expect(accessors()).toEqual(['accessor', 'accessor', 'accessor'])
  await second.app.stop()
  expect(accessors()).toEqual(alone)
  expect(Reflect.get(Book.prototype, '__config')).toBe(first.connection.orm.config)
})

function typeOf(target: object, name: string) {
  const descriptor = Object.getOwnPropertyDescriptor(target, name)
  return descriptor?.get ? 'accessor' : 'value'
}
