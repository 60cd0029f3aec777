import { withTrashed } from 'limber/database'
import { expect } from 'vitest'
import { describePath } from './describe-path.ts'
import { ids, seed } from './library.ts'
import { Author, Book } from './models.ts'

const byId = { orderBy: { id: 'asc' } } as const

await describePath('withTrashed(fn)', {
  async 'shows the trash to every read in the function'(world) {
    await seed(world)
    await world.scope((session) =>
      withTrashed(async () => {
        expect(ids(await session.find(Book, {}, byId))).toEqual([1, 2, 3])
        expect((await session.findOne(Book, 2))?.title).toBe('Valperga')
        expect(await session.count(Book)).toBe(3)
        expect(await session.countBy(Book, 'author')).toEqual({ 1: 2, 2: 1 })
        expect((await session.findByCursor(Book, { where: {}, first: 9, ...byId })).totalCount).toBe(3)
        expect(ids(await session.find(Book, { author: { name: 'Percy' } }))).toEqual([3])
        expect(ids(await Book.all(session))).toEqual([1, 2, 3])
      }),
    )
  },

  async 'shows it to what is populated, loaded and matched'(world) {
    await seed(world)
    await world.scope((session) =>
      withTrashed(async () => {
        const book = await session.findOneOrFail(Book, 3, { populate: ['author'] })
        expect(book.author.unwrap().name).toBe('Percy')
        expect(await book.tags.loadItems()).toHaveLength(2)
        expect(await book.tags.matching({})).toHaveLength(2)
        const mary = await session.findOneOrFail(Author, 1)
        expect(await mary.books.loadCount()).toBe(2)
        expect((await mary.books.init()).length).toBe(2)
      }),
    )
  },

  async 'ends with the function'(world) {
    await seed(world)
    await world.scope(async (session) => {
      await withTrashed(() => session.find(Book, {}))
      expect(ids(await session.find(Book, {}, byId))).toEqual([1, 3])
      expect(await session.findOne(Book, 2)).toBeNull()
    })
  },

  async 'ends with the function when that fails'(world) {
    await seed(world)
    await world.scope(async (session) => {
      const failing = withTrashed(async () => {
        await session.find(Book, {})
        throw new Error('no')
      })
      await expect(failing).rejects.toThrow('no')
      expect(await session.count(Book)).toBe(2)
    })
  },

  async 'is for nobody else who reads at the same time'(world) {
    await seed(world)
    const read = () => world.scope(async (session) => ids(await session.find(Book, {}, byId)))
    const all = await Promise.all([withTrashed(read), read(), withTrashed(read), read()])
    expect(all).toEqual([
      [1, 2, 3],
      [1, 3],
      [1, 2, 3],
      [1, 3],
    ])
  },

  async 'may be said otherwise by a query'(world) {
    await seed(world)
    await world.scope((session) =>
      withTrashed(async () => {
        expect(ids(await session.find(Book, {}, { ...byId, withTrashed: false }))).toEqual([1, 3])
        expect(ids(await session.find(Book, {}, { onlyTrashed: true }))).toEqual([2])
        expect(await session.findOne(Book, 2, { withTrashed: false })).toBeNull()
        expect(await session.count(Book, {}, { withTrashed: false })).toBe(2)
        const book = await session.findOneOrFail(Book, 3, { populate: ['author'], withTrashed: false })
        expect(book.author).toBeNull()
      }),
    )
    expect(await world.sql('select author_id from book where id = 3')).toEqual([{ author_id: 2 }])
  },

  async 'opens scopes of its own inside'(world) {
    await seed(world)
    const seen = await withTrashed(() => world.scope((session) => session.count(Book)))
    expect(seen).toBe(3)
  },
})
