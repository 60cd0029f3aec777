import { wrap } from '@mikro-orm/core'
import { isTrashed } from 'limber/database'
import { expect } from 'vitest'
import { describePath, STRATEGIES } from './describe-path.ts'
import { ids, seed } from './library.ts'
import { Author, Book, Edition, Review, Translator } from './models.ts'

await describePath('identity map', {
  async 'does not give what was read with the trash'(world) {
    await seed(world)
    await world.scope(async (session) => {
      const trashed = await session.findOneOrFail(Book, 2, { withTrashed: true })
      expect(await session.findOne(Book, 2)).toBeNull()
      expect(await session.findOne(Book, 2, { withTrashed: true })).toBe(trashed)
      expect(ids(await session.find(Book, {}, { orderBy: { id: 'asc' } }))).toEqual([1, 3])
    })
  },

  async 'gives live rows without a query, and the same object'(world) {
    await seed(world)
    await world.scope(async (session) => {
      const book = await session.findOneOrFail(Book, 1)
      await world.sql("update book set title = 'changed behind its back' where id = 1")
      expect((await session.findOne(Book, 1))?.title).toBe('Frankenstein')
      expect(await session.findOne(Book, 1)).toBe(book)
    })
  },

  async 'does not give a bulk delete back'(world) {
    await seed(world)
    await world.scope(async (session) => {
      await session.findOneOrFail(Book, 3)
      await session.nativeDelete(Book, { id: 3 })
      session.clear()
      expect(await session.findOne(Book, 3)).toBeNull()
    })
  },

  async 'gives a row again when a rollback has brought it back'(world) {
    await seed(world)
    await world.scope(async (session) => {
      const book = await session.findOneOrFail(Book, 1)
      const failing = session.transaction(async () => {
        session.remove(book)
        await session.flush()
        expect(await session.findOne(Book, 1)).toBeNull()
        throw new Error('no')
      })
      await expect(failing).rejects.toThrow('no')
      expect((await session.findOne(Book, 1))?.title).toBe('Frankenstein')
    })
    expect(await world.live('book')).toEqual([1, 3])
  },

  async 'keeps edits of a live row that a query meets again'(world) {
    await seed(world)
    await world.scope(async (session) => {
      const book = await session.findOneOrFail(Book, 3)
      book.title = 'edited'
      await session.find(Book, {}, { populate: ['author'], flushMode: 'commit' })
      await session.find(Book, {}, { populate: ['author'], withTrashed: true, flushMode: 'commit' })
      expect(book.title).toBe('edited')
    })
    expect(await world.sql('select title, author_id from book where id = 3')).toEqual([
      { title: 'edited', author_id: 2 },
    ])
  },

  async 'tells kinds and keys of two columns apart as well'(world) {
    await world.scope((session) => {
      session.create(Translator, { name: 'one' })
      session.create(Edition, { isbn: 'x', number: 1, publisher: 'L' })
    })
    await world.scope(async (session) => {
      const found = [
        await session.findOneOrFail(Translator, 1),
        await session.findOneOrFail(Edition, ['x', 1]),
      ]
      for (const each of found) session.remove(each)
      await session.flush()
      expect(await session.findOne(Translator, 1)).toBeNull()
      expect(await session.findOne(Edition, ['x', 1])).toBeNull()
    })
    expect(await world.trashed('edition', 'number')).toEqual([1])
  },

  async 'shows a restored parent again where it is read'(world) {
    await seed(world)
    await world.scope(async (session) => {
      const book = await session.findOneOrFail(Book, 3, { populate: ['author'] })
      expect(book.author).toBeNull()
      await session.restore(await session.findOneOrFail(Author, 2, { withTrashed: true }))
      await session.find(Book, {}, { populate: ['author'] })
      expect(book.author.unwrap().name).toBe('Percy')
    })
    expect(await world.sql('select author_id from book where id = 3')).toEqual([{ author_id: 2 }])
  },

  async 'shows a restored parent again where it is populated afterwards'(world) {
    for (const strategy of STRATEGIES) {
      await world.clear()
      await seed(world)
      await world.scope(async (session) => {
        const book = await session.findOneOrFail(Book, 3, { populate: ['author'], strategy })
        expect(book.author).toBeNull()
        await session.populate(book, ['author'], { strategy })
        expect(book.author).toBeNull()
        await session.restore(Author, { id: 2 })
        await session.populate(book, ['author'], { strategy })
        expect(book.author.unwrap().name).toBe('Percy')
      })
      expect(await world.sql('select author_id from book where id = 3')).toEqual([{ author_id: 2 }])
    }
  },

  async 'knows what is in the trash also when only some fields were read'(world) {
    await seed(world)
    await world.scope(async (session) => {
      const fields = ['title'] as const
      const books = await session.find(Book, {}, { fields, withTrashed: true, orderBy: { id: 'asc' } })
      expect(books.map((book) => isTrashed(book))).toEqual([false, true, false])
      const [, second] = books
      expect(second && wrap(second).toObject()).toEqual({ id: 2, title: 'Valperga' })
      expect(await session.findOne(Book, 2, { fields })).toBeNull()
      expect(second && (await session.restore(second))).toBe(true)
    })
    expect(await world.live('book')).toEqual([1, 2, 3])
  },

  async 'knows which parents are in the trash also when only some of their fields were read'(world) {
    for (const strategy of STRATEGIES) {
      await world.clear()
      await seed(world)
      await world.scope(async (session) => {
        const options = { fields: ['title', 'author.name'], strategy, withTrashed: true } as const
        const book = await session.findOneOrFail(Book, 3, options)
        expect(book.author.unwrap().name).toBe('Percy')
        expect(isTrashed(book.author.unwrap())).toBe(true)
        expect(wrap(book).toObject()).toEqual({ id: 3, title: 'Queen Mab', author: { id: 2, name: 'Percy' } })
        expect(await session.findOne(Author, 2, { fields: ['name'] })).toBeNull()
        expect(await book.author.load()).toBeNull()
      })
      await world.scope(async (session) => {
        const review = await session.findOneOrFail(Review, 2, { fields: ['book.title'], strategy })
        expect(isTrashed(review.book.unwrap())).toBe(true)
        expect(await session.findOne(Book, 2, { fields: ['title'] })).toBeNull()
      })
    }
  },
})
