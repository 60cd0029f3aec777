import { expect } from 'vitest'
import { describePath } from './describe-path.ts'
import { ids, seed } from './library.ts'
import { Author, Book, Edition, Translator } from './models.ts'

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
})
