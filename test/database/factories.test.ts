import { defineFactory } from 'limber/database/factories'
import { describe, expect, it, vi } from 'vitest'
import { Author, Book } from './fixtures/library.ts'
import { openLibrary } from './support/library-application.ts'

const authors = defineFactory(Author, ({ faker }) => ({ name: faker.person.fullName() }), {
  famous: () => ({ name: 'Mary Shelley' }),
})
const books = defineFactory(
  Book,
  ({ faker, sequence }) => ({ title: `${sequence}. ${faker.lorem.words(2)}`, author: authors }),
  { shouted: ({ faker }) => ({ title: faker.lorem.word().toUpperCase() }) },
)

describe('a factory', () => {
  it('inserts a row with its relations', async () => {
    const { app, rows } = await openLibrary({ models: [Author, Book] })
    await app.scope(async () => {
      const book = await books.create()
      expect(book).toBeInstanceOf(Book)
      expect(book.id).toBe(1)
      expect(book.author.unwrap().name).toEqual(expect.any(String))
    })
    expect(rows('select count(*) as n from book b join author a on a.id = b.author_id')).toEqual([{ n: 1 }])
  })

  it('takes other properties, and a row as a relation', async () => {
    const { app, titles, rows } = await openLibrary({ models: [Author, Book] })
    await app.scope(async () => {
      const author = await authors.state('famous').create()
      await books.createMany(2, { title: 'Emma', author })
    })
    expect(titles()).toEqual(['Emma', 'Emma'])
    expect(rows('select name from author')).toEqual([{ name: 'Mary Shelley' }])
  })

  it('fills a collection with the rows of another', async () => {
    const { app, rows } = await openLibrary({ models: [Author, Book] })
    const plain = defineFactory(Book, ({ sequence }) => ({ title: `Volume ${sequence}`, author: 0 }))
    await app.scope(() => authors.create({ name: 'Zola', books: plain.many(2) }))
    const found = rows("select b.title from book b join author a on a.id = b.author_id where a.name = 'Zola'")
    expect(found).toEqual([{ title: 'Volume 1' }, { title: 'Volume 2' }])
  })

  it('makes a row in memory, which nobody writes', async () => {
    const { app, titles } = await openLibrary({ models: [Author, Book] })
    await app.scope(async () => {
      const book = await books.state('shouted').make()
      expect(book.title).toBe(book.title.toUpperCase())
    })
    expect(titles()).toEqual([])
  })

  it('counts its rows from one', async () => {
    const { app } = await openLibrary({ models: [Author, Book] })
    const numbered = defineFactory(Author, ({ sequence }) => ({ name: `author ${sequence}` }))
    const names = await app.scope(async () => (await numbered.createMany(3)).map(({ name }) => name))
    expect(names).toEqual(['author 1', 'author 2', 'author 3'])
  })

  it('with a seed makes the same rows each time, and others with another seed', async () => {
    const made = async (seed: number) => {
      const { app } = await openLibrary({ models: [Author, Book] })
      return app.scope(async () =>
        (await books.seed(seed).createMany(3)).map(({ title, author }) => `${title} ${author.unwrap().name}`),
      )
    }
    const [first, again, other] = [await made(1), await made(1), await made(2)]
    expect(again).toEqual(first)
    expect(other).not.toEqual(first)
    expect(new Set(first).size).toBe(3)
  })

  it('is undone with its scope', async () => {
    const { app, titles } = await openLibrary({ models: [Author, Book] })
    const failing = app.scope(async () => {
      await books.create()
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(titles()).toEqual([])
  })

  it('says which state was meant', () => {
    expect(() => authors.state('famos' as never)).toThrow(
      expect.objectContaining({ code: 'LIMBER_STATE_NOT_FOUND', hint: 'Did you mean "famous"?' }),
    )
  })
})

it('without the package a factory says how to install it, and works unless it uses faker', async () => {
  vi.resetModules()
  vi.doMock('@faker-js/faker', () => {
    throw new Error("Cannot find package '@faker-js/faker'")
  })
  const fresh = await import('limber/database/factories')
  const { app, rows } = await openLibrary({ models: [Author, Book] })
  const session = app.make('db').openSession()
  const failing = fresh
    .defineFactory(Author, ({ faker }) => ({ name: faker.person.fullName() }))
    .create({}, session)
  await expect(failing).rejects.toMatchObject({
    code: 'LIMBER_FAKER_MISSING',
    hint: expect.stringContaining('npm install'),
  })
  await fresh.defineFactory(Author, () => ({ name: 'Ada' })).create({}, session)
  expect(rows('select name from author')).toEqual([{ name: 'Ada' }])
  vi.doUnmock('@faker-js/faker')
})
