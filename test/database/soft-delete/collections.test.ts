import { expect } from 'vitest'
import { describePath } from './describe-path.ts'
import { ids, seed, trashRow } from './library.ts'
import { Author, Book, Prize, Tag } from './models.ts'

await describePath('collections', {
  async 'init loads live rows'(world) {
    await seed(world)
    await world.scope(async (session) => {
      const mary = await session.findOneOrFail(Author, 1)
      await mary.books.init()
      expect(ids(mary.books.getItems())).toEqual([1])
      await mary.books.init({ withTrashed: true, orderBy: { id: 'asc' } })
      expect(ids(mary.books.getItems())).toEqual([1, 2])
      await mary.books.init()
      expect(ids(mary.books.getItems())).toEqual([1])
    })
    expect(await world.sql('select count(*) as n from book where author_id = 1')).toMatchObject([
      { n: expect.toSatisfy((n) => Number(n) === 2) },
    ])
  },

  async 'load and loadItems load live rows'(world) {
    await seed(world)
    await world.scope(async (session) => {
      const book = await session.findOneOrFail(Book, 1)
      expect(ids((await book.chapters.load()).getItems())).toEqual([1])
      expect(ids(await book.tags.loadItems())).toEqual([1])
      expect(
        ids(await book.tags.loadItems({ refresh: true, withTrashed: true, orderBy: { id: 1 } })),
      ).toEqual([1, 2])
      expect(ids(await book.tags.loadItems({ refresh: true }))).toEqual([1])
    })
    expect(await world.sql('select tag_id from book_tags where book_id = 1')).toHaveLength(2)
  },

  async 'loadCount counts live rows'(world) {
    await seed(world)
    await world.scope(async (session) => {
      const mary = await session.findOneOrFail(Author, 1)
      expect(await mary.books.loadCount()).toBe(1)
      expect(await mary.books.loadCount({ refresh: true, withTrashed: true } as object)).toBe(2)
      const book = await session.findOneOrFail(Book, 1)
      expect(await book.tags.loadCount()).toBe(1)
      expect(await book.tags.loadCount({ where: { name: 'poem' } })).toBe(0)
    })
  },

  async 'matching finds live rows'(world) {
    await seed(world)
    await world.scope(async (session) => {
      const mary = await session.findOneOrFail(Author, 1)
      expect(ids(await mary.books.matching({}))).toEqual([1])
      expect(ids(await mary.books.matching({ withTrashed: true, orderBy: { id: 'asc' } }))).toEqual([1, 2])
      expect(ids(await mary.books.matching({ onlyTrashed: true }))).toEqual([2])
      const book = await session.findOneOrFail(Book, 1)
      expect(ids(await book.tags.matching({}))).toEqual([1])
      expect(ids(await book.tags.matching({ where: { name: 'poem' } }))).toEqual([])
      expect(ids(await book.tags.matching({ withTrashed: true, orderBy: { id: 'asc' } }))).toEqual([1, 2])
      expect(ids(await book.tags.matching({ filters: false }))).toEqual([1])
      const tag = await session.findOneOrFail(Tag, 1)
      expect(ids(await tag.books.matching({ where: { author: { name: 'Percy' } } }))).toEqual([])
    })
  },

  async 'a loaded collection loses what this session removes'(world) {
    await seed(world)
    await world.scope(async (session) => {
      const book = await session.findOneOrFail(Book, 1, { populate: ['chapters', 'tags'] })
      session.remove(book.chapters.getItems())
      session.remove(book.tags.getItems())
      await session.flush()
      expect([book.chapters.length, book.tags.length]).toEqual([0, 0])
    })
    expect(await world.sql('select tag_id from book_tags where book_id = 1')).toHaveLength(2)
  },

  async 'adding to a collection leaves alone what it does not show'(world) {
    await seed(world)
    await world.scope(async (session) => {
      const book = await session.findOneOrFail(Book, 1, { populate: ['tags'] })
      book.tags.add(session.create(Tag, { name: 'gothic' }))
    })
    expect(await world.sql('select tag_id from book_tags where book_id = 1 order by tag_id')).toEqual([
      { tag_id: 1 },
      { tag_id: 2 },
      { tag_id: 3 },
    ])
  },

  async 'a large one loses many at once, keeps its order and what waits to be written, and gets them back'(
    world,
  ) {
    await world.scope((session) => {
      const author = session.create(Author, { name: 'Mary' })
      for (let i = 0; i < 2_000; i += 1) session.create(Prize, { name: i % 2 ? 'odd' : 'even', author })
    })
    await world.scope(async (session) => {
      const mary = await session.findOneOrFail(Author, 1, {
        populate: ['prizes'],
        orderBy: { prizes: { id: 'asc' } },
      })
      const all = mary.prizes.getItems()
      const odd = all.filter(({ name }) => name === 'odd')
      const shown = () => ({ ...mary.prizes }) as Record<number, unknown>
      await session.nativeDelete(Prize, { name: 'even' })
      expect(mary.prizes.getItems()).toEqual(odd)
      expect([mary.prizes.length, mary.prizes.isDirty()]).toEqual([1_000, false])
      expect([shown()[0], shown()[999], shown()[1_000]]).toEqual([odd[0], odd[999], undefined])
      expect(mary.prizes.getSnapshot()).toEqual(odd)
      const fresh = session.create(Prize, { name: 'fresh' })
      mary.prizes.add(fresh)
      expect(await session.restore(Prize, {})).toBe(1_000)
      expect(mary.prizes.length).toBe(2_001)
      await session.nativeDelete(Prize, { name: { $in: ['odd', 'even'] } })
      expect([mary.prizes.getItems(), mary.prizes.length, shown()[0]]).toEqual([[fresh], 1, fresh])
      expect(all.every(({ author }) => author?.unwrap() === mary)).toBe(true)
    })
    expect(await world.live('prize')).toEqual([2_001])
    expect(await world.sql('select id from prize where author_id is null')).toEqual([])
  },

  async 'one that shows the trash loses it when it is loaded without, and a second time shows it again'(
    world,
  ) {
    await seed(world)
    await world.scope(async (session) => {
      const load = (withTrashed: boolean) =>
        session.findOneOrFail(Author, 1, {
          populate: ['books'],
          orderBy: { books: { id: 'asc' } },
          withTrashed,
        })
      const { books } = await load(true)
      for (const withTrashed of [false, true, false]) {
        await load(withTrashed)
        expect(ids(books.getItems())).toEqual(withTrashed ? [1, 2] : [1])
        expect(Object.keys({ ...books }).filter((name) => /^\d+$/.test(name))).toHaveLength(books.length)
        expect(books.isDirty()).toBe(false)
      }
    })
    expect(await world.sql('select count(*) as n from book where author_id = 1')).toMatchObject([
      { n: expect.toSatisfy((n) => Number(n) === 2) },
    ])
  },

  async 'one that may not be changed loses what is removed as well'(world) {
    await seed(world)
    await world.scope(async (session) => {
      const mary = await session.findOneOrFail(Author, 1)
      await mary.books.matching({ store: true })
      await session.nativeDelete(Book, {})
      expect([mary.books.length, Reflect.get(mary.books, 0)]).toEqual([0, undefined])
    })
  },

  async 'a row between two rows stays when both are in the trash'(world) {
    await seed(world)
    await trashRow(world, 'book', 1)
    await world.scope(async (session) => {
      const horror = await session.findOneOrFail(Tag, 1, { populate: ['books'] })
      expect(ids(horror.books.getItems())).toEqual([3])
    })
    expect(await world.sql('select book_id from book_tags')).toHaveLength(4)
  },
})
