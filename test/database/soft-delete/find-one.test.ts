import { isTrashed } from 'limber/database'
import { expect } from 'vitest'
import { describePath } from './describe-path.ts'
import { ids, seed, trashRow } from './library.ts'
import { Author, Book, Country, Edition } from './models.ts'

await describePath('session.findOne()', {
  async 'gives null for a key in the trash'(world) {
    await seed(world)
    await world.scope(async (session) => {
      expect(await session.findOne(Book, 2)).toBeNull()
      expect(await session.findOne(Book, { title: 'Valperga' })).toBeNull()
      expect((await session.findOne(Book, 2, { withTrashed: true }))?.title).toBe('Valperga')
      expect((await session.findOne(Book, 2, { onlyTrashed: true }))?.title).toBe('Valperga')
      expect(await session.findOne(Book, 1, { onlyTrashed: true })).toBeNull()
    })
  },

  async 'gives null after the same session has deleted it'(world) {
    await seed(world)
    await world.scope(async (session) => {
      session.remove(await session.findOneOrFail(Book, 1))
      await session.flush()
      expect(await session.findOne(Book, 1)).toBeNull()
      expect(await session.findOne(Book, { id: 1 }, { populate: ['author'] })).toBeNull()
      expect(await session.findOne(Book, 1, { refresh: true })).toBeNull()
      expect((await session.findOne(Book, 1, { withTrashed: true }))?.id).toBe(1)
      expect(await session.findOne(Book, 1)).toBeNull()
    })
  },

  async 'gives null for a removed key of two columns'({ scope }) {
    await scope((session) => void session.create(Edition, { isbn: 'x', number: 1, publisher: 'L' }))
    await scope(async (session) => {
      session.remove(await session.findOneOrFail(Edition, ['x', 1]))
      await session.flush()
      expect(await session.findOne(Edition, ['x', 1])).toBeNull()
      expect(await session.findOne(Edition, { isbn: 'x', number: 1 }, { withTrashed: true })).not.toBeNull()
    })
  },

  async 'fails as if the row were not there'(world) {
    await seed(world)
    await world.scope(async (session) => {
      const error = { code: 'LIMBER_MODEL_NOT_FOUND' }
      await expect(session.findOneOrFail(Book, 2)).rejects.toMatchObject(error)
      await expect(session.findOneOrFail(Book, { title: 'Valperga' }, { strict: true })).rejects.toThrow(
        'Wrong number',
      )
      expect((await session.findOneOrFail(Book, 2, { withTrashed: true })).id).toBe(2)
    })
  },

  async 'still gives null when the filters of the application are off'(world) {
    await seed(world)
    await world.scope(async (session) => {
      expect(await session.findOne(Book, 2, { filters: false })).toBeNull()
      await session.findOne(Book, 2, { withTrashed: true })
      expect(await session.findOne(Book, 2, { filters: false })).toBeNull()
    })
  },

  async 'reads a row again: null when it is in the trash by now'(world) {
    await seed(world)
    await world.scope(async (session) => {
      const [first, third] = [await session.findOneOrFail(Book, 1), await session.findOneOrFail(Book, 3)]
      await trashRow(world, 'book', 1)
      await trashRow(world, 'book', 3)
      expect((await session.refresh(first, { withTrashed: true }))?.id).toBe(1)
      expect(await session.refresh(first)).toBeNull()
      await expect(session.refreshOrFail(third)).rejects.toMatchObject({ code: 'LIMBER_MODEL_NOT_FOUND' })
    })
    expect(await world.trashed('book')).toEqual([1, 2, 3])
  },

  async 'lets what is in the trash stay managed when it is read again'(world) {
    await seed(world)
    await world.scope(async (session) => {
      const book = await session.findOneOrFail(Book, 1, { populate: ['author.books'] })
      const author = book.author.unwrap()
      await trashRow(world, 'author', 1)
      await trashRow(world, 'book', 1)
      expect(await session.refresh(author)).toBeNull()
      expect(await session.refresh(book)).toBeNull()
      expect([isTrashed(author), isTrashed(book)]).toEqual([true, true])
      expect(author.books.getItems()).toEqual([])
      expect(book.author.unwrap()).toBe(author)
      expect(await session.restore(author)).toBe(true)
      expect(isTrashed(author)).toBe(false)
    })
    expect(await world.sql('select author_id from book where id = 1')).toEqual([{ author_id: 1 }])
    expect(await world.trashed('author')).toEqual([2])
  },

  async 'reads a live row again without its parent being in the way'(world) {
    await seed(world)
    await world.scope(async (session) => {
      const book = await session.findOneOrFail(Book, 3, { populate: ['author'] })
      await session.refresh(book)
      book.pages = 7
    })
    expect(await world.sql('select author_id, pages from book where id = 3')).toEqual([
      { author_id: 2, pages: 7 },
    ])
  },

  async 'is what the verbs of models do'(world) {
    await seed(world)
    await world.scope(async (session) => {
      expect(ids(await Book.all(session))).toEqual([1, 3])
      expect((await Book.first(session))?.id).toBe(1)
      expect(await Book.get(2, session)).toBeNull()
      await expect(Book.getOrFail(2, session)).rejects.toMatchObject({ code: 'LIMBER_MODEL_NOT_FOUND' })
      expect(ids(await Book.filter({}, {}, session))).toEqual([1, 3])
      expect(ids(await Book.filter({}, { onlyTrashed: true }, session))).toEqual([2])
      const books = await Book.filter({}, { populate: ['author'] }, session)
      expect(books.map(({ author }) => author?.unwrap().name ?? null)).toEqual(['Mary', null])
      await (await Book.get(1, session))?.destroy(session)
      expect((await Book.first(session))?.id).toBe(3)
    })
  },

  async 'lets a reference load what is live, and nothing else'(world) {
    await seed(world)
    await world.scope(async (session) => {
      const [live, orphan] = await session.find(Book, {}, { orderBy: { id: 'asc' } })
      expect((await live?.author.load())?.name).toBe('Mary')
      expect(await orphan?.author.load()).toBeNull()
      await expect(orphan?.author.loadOrFail()).rejects.toMatchObject({ code: 'LIMBER_MODEL_NOT_FOUND' })
      expect((await orphan?.author.load({ withTrashed: true }))?.name).toBe('Percy')
      expect(await orphan?.author.load()).toBeNull()
      await expect(orphan?.author.loadProperty('name')).rejects.toMatchObject({
        code: 'LIMBER_MODEL_NOT_FOUND',
      })
    })
    expect(await world.sql('select author_id from book where id = 3')).toEqual([{ author_id: 2 }])
  },

  async 'lets a reference not load what this session has trashed'(world) {
    await seed(world)
    await world.scope(async (session) => {
      const prize = await session
        .findOneOrFail(Author, 1, { populate: ['prizes'] })
        .then((mary) => mary.prizes[0])
      const mary = await session.findOneOrFail(Author, 1)
      session.remove(mary)
      await session.flush()
      expect(await prize?.author?.load()).toBeNull()
      expect(await prize?.author?.load({ withTrashed: true })).toBe(mary)
    })
  },

  async 'leaves models alone that are really deleted'({ scope }) {
    await scope((session) => void session.create(Country, { name: 'England' }))
    await scope(async (session) => {
      const country = await session.findOneOrFail(Country, 1, { withTrashed: true })
      session.remove(country)
      await session.flush()
      expect(await session.findOne(Country, 1, { withTrashed: true })).toBeNull()
    })
  },
})
