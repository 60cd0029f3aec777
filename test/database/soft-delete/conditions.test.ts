import { expect } from 'vitest'
import { describePath, eachStrategy } from './describe-path.ts'
import { ids, seed, trashRow } from './library.ts'
import { Author, Book, Country, Folder, Prize, Review, Tag } from './models.ts'

await describePath(
  'conditions on relations',
  eachStrategy({
    async 'are not fulfilled by a parent in the trash'(world, strategy) {
      await seed(world)
      await world.scope(async (session) => {
        const find = async (where: object) =>
          ids(await session.find(Book, where, { strategy, orderBy: { id: 'asc' } }))
        expect(await find({ author: { name: 'Percy' } })).toEqual([])
        expect(await find({ author: { name: { $in: ['Mary', 'Percy'] } } })).toEqual([1])
        expect(await find({ author: { country: { name: 'Italy' } } })).toEqual([])
        expect(await find({ author: { country: { name: 'England' } } })).toEqual([1])
        expect(await find({ author: { email: null } })).toEqual([])
        expect(await find({ editor: { name: 'Mary' } })).toEqual([3])
      })
    },

    async 'lose no row that another condition finds'(world, strategy) {
      await seed(world)
      await world.scope(async (session) => {
        const find = async (where: object) =>
          ids(await session.find(Book, where, { strategy, orderBy: { id: 'asc' } }))
        expect(await find({ $or: [{ author: { name: 'Mary' } }, { title: 'Queen Mab' }] })).toEqual([1, 3])
        expect(await find({ $or: [{ author: { name: 'Percy' } }, { title: 'Queen Mab' }] })).toEqual([3])
        expect(await find({ $not: { author: { name: 'Mary' } } })).toEqual([3])
        expect(await find({ $and: [{ author: { name: 'Percy' } }, { title: 'Queen Mab' }] })).toEqual([])
        expect(await find({ author: { $or: [{ name: 'Mary' }, { name: 'Percy' }] } })).toEqual([1])
      })
    },

    async 'about the key alone are about the foreign key, which is kept'(world, strategy) {
      await seed(world)
      await world.scope(async (session) => {
        const find = async (where: object) =>
          ids(await session.find(Book, where, { strategy, orderBy: { id: 'asc' } }))
        expect(await find({ author: 2 })).toEqual([3])
        expect(await find({ author: { id: 2 } })).toEqual([3])
        expect(await find({ author: { $in: [1, 2] } })).toEqual([1, 3])
        expect(await find({ author: { id: 2, name: 'Percy' } })).toEqual([])
        expect(ids(await session.find(Prize, { author: null }, { strategy }))).toEqual([3])
      })
    },

    async 'about the key of a row in a collection look at live rows'(world, strategy) {
      await seed(world)
      await world.scope(async (session) => {
        const found = async (where: object) => {
          const books = ids(await session.find(Book, where, { strategy, orderBy: { id: 'asc' } }))
          expect(await session.count(Book, where)).toBe(books.length)
          return books
        }
        const forms = (key: number) => [key, [key], { id: key }, { $in: [key] }, { id: { $in: [key] } }]
        for (const tags of forms(1)) expect(await found({ tags })).toEqual([1, 3])
        for (const tags of forms(2)) expect(await found({ tags })).toEqual([])
        for (const chapters of forms(1)) expect(await found({ chapters })).toEqual([1])
        for (const chapters of forms(2)) expect(await found({ chapters })).toEqual([])
        expect(await found({ tags: { $ne: null } })).toEqual([1, 3])
        expect(await found({ $or: [{ tags: 2 }, { title: 'Queen Mab' }] })).toEqual([3])
        expect(ids(await session.find(Book, { tags: 2 }, { strategy, withTrashed: true }))).toEqual([1, 3])
        expect(ids(await session.find(Review, { book: { tags: 1 } }, { strategy }))).toEqual([1])
        expect(await session.find(Review, { book: { tags: 2 } }, { strategy })).toEqual([])
        expect(ids(await session.find(Author, { profile: 1 }, { strategy }))).toEqual([])
        await session.nativeUpdate(Book, { tags: 2 }, { pages: 1 })
        expect(await session.nativeDelete(Book, { tags: 2 })).toBe(0)
        expect(await session.count(Book, { pages: 1 })).toBe(0)
      })
    },

    async 'that a collection is empty do not count the trash'(world, strategy) {
      await seed(world)
      await trashRow(world, 'tag', 1)
      await trashRow(world, 'chapter', 1)
      await world.scope(async (session) => {
        const find = async (where: object) =>
          ids(await session.find(Book, where, { strategy, orderBy: { id: 'asc' } }))
        expect(await find({ tags: null })).toEqual([1, 3])
        expect(await find({ chapters: null })).toEqual([1, 3])
      })
    },

    async 'with these words take keys'(world, strategy) {
      await seed(world)
      await world.scope(async (session) => {
        const find = async (where: object) =>
          ids(await session.find(Book, where, { strategy, orderBy: { id: 'asc' } }))
        const forms = (key: number) => [
          { id: key },
          { id: { $in: [key] } },
          { $and: [{ id: key }] },
          { $or: [{ id: key }, { id: { $in: [key] } }] },
        ]
        for (const each of forms(1)) {
          expect(await find({ chapters: { $some: each } })).toEqual([1])
          expect(await find({ chapters: { $none: each } })).toEqual([3])
          expect(await find({ chapters: { $every: each } })).toEqual([1, 3])
        }
        for (const each of forms(2)) {
          expect(await find({ tags: { $some: each } })).toEqual([])
          expect(await find({ tags: { $none: each } })).toEqual([1, 3])
          expect(await find({ tags: { $every: each } })).toEqual([])
        }
        expect(await find({ tags: { $some: { id: 1 }, $none: { id: 2 } } })).toEqual([1, 3])
        expect(await find({ chapters: { $some: { $not: { id: 2 } } } })).toEqual([1])
        const all = await session.find(Book, { tags: { $some: { id: 2 } } }, { strategy, withTrashed: true })
        expect(ids(all)).toEqual([1, 3])
      })
    },

    async 'find the same rows whatever is populated'(world, strategy) {
      await seed(world)
      await world.scope(async (session) => {
        const where = { $or: [{ author: { name: 'Mary' } }, { title: 'Queen Mab' }] }
        const found = await session.find(Book, where, {
          strategy,
          populate: ['author', 'tags'],
          orderBy: { id: 'asc' },
        })
        expect(ids(found)).toEqual([1, 3])
        expect(found.map(({ author }) => author?.unwrap().name ?? null)).toEqual(['Mary', null])
        session.clear()
        const inferred = await session.find(Book, where, {
          strategy,
          populate: ['author'],
          populateWhere: 'infer',
          orderBy: { id: 'asc' },
        })
        expect(ids(inferred)).toEqual([1, 3])
      })
    },

    async 'are not fulfilled by rows of collections in the trash'(world, strategy) {
      await seed(world)
      await world.scope(async (session) => {
        expect(ids(await session.find(Author, { books: { title: 'Valperga' } }, { strategy }))).toEqual([])
        expect(ids(await session.find(Author, { books: { title: 'Frankenstein' } }, { strategy }))).toEqual([
          1,
        ])
        expect(ids(await session.find(Book, { tags: { name: 'poem' } }, { strategy }))).toEqual([])
        expect(ids(await session.find(Book, { tags: { name: 'horror' } }, { strategy })).sort()).toEqual([
          1, 3,
        ])
        expect(ids(await session.find(Country, { authors: { name: 'Percy' } }, { strategy }))).toEqual([])
        expect(
          ids(await session.find(Country, { authors: { books: { title: 'Valperga' } } }, { strategy })),
        ).toEqual([])
      })
    },

    async 'with $some see live rows'(world, strategy) {
      await seed(world)
      await world.scope(async (session) => {
        const find = async (where: object) => ids(await session.find(Author, where, { strategy }))
        expect(await find({ books: { $some: { title: 'Valperga' } } })).toEqual([])
        expect(await find({ books: { $some: {} } })).toEqual([1])
        expect(ids(await session.find(Book, { tags: { $some: { name: 'poem' } } }, { strategy }))).toEqual([])
        await trashRow(world, 'book', 1)
        expect(await find({ books: { $some: {} } })).toEqual([])
      })
    },

    async 'with $none see live rows'(world, strategy) {
      await seed(world)
      await world.scope(async (session) => {
        const find = async (where: object) => ids(await session.find(Author, where, { strategy }))
        expect(await find({ books: { $none: { title: 'Valperga' } } })).toEqual([1])
        expect(await find({ books: { $none: { title: 'Frankenstein' } } })).toEqual([])
        expect(await find({ books: { $none: {} } })).toEqual([])
        const books = await session.find(Book, { tags: { $none: { name: 'poem' } } }, { strategy })
        expect(ids(books).sort()).toEqual([1, 3])
      })
    },

    async 'with $every see live rows'(world, strategy) {
      await seed(world)
      await world.scope(async (session) => {
        const find = async (where: object) => ids(await session.find(Author, where, { strategy }))
        expect(await find({ books: { $every: { title: 'Frankenstein' } } })).toEqual([1])
        expect(await find({ books: { $every: { pages: { $gt: 400 } } } })).toEqual([])
        expect(await find({ books: { $every: { pages: { $lt: 400 } } } })).toEqual([1])
        const books = await session.find(Book, { tags: { $every: { name: 'horror' } } }, { strategy })
        expect(ids(books).sort()).toEqual([1, 3])
        await trashRow(world, 'book', 1)
        expect(await find({ books: { $every: { title: 'nothing' } } })).toEqual([1])
      })
    },

    async 'take several of these words, and others inside'(world, strategy) {
      await seed(world)
      await world.scope(async (session) => {
        const find = async (where: object) => ids(await session.find(Author, where, { strategy }))
        expect(
          await find({ books: { $some: { title: 'Frankenstein' }, $every: { pages: { $lt: 400 } } } }),
        ).toEqual([1])
        expect(await find({ books: { $some: { title: 'Frankenstein' }, $none: { pages: 280 } } })).toEqual([])
        expect(await find({ books: { $some: { tags: { $some: { name: 'poem' } } } } })).toEqual([])
        expect(await find({ books: { $some: { tags: { $some: { name: 'horror' } } } } })).toEqual([1])
        expect(
          ids(await session.find(Tag, { books: { $some: { author: { name: 'Percy' } } } }, { strategy })),
        ).toEqual([])
        expect(
          ids(await session.find(Tag, { books: { $some: { author: { name: 'Mary' } } } }, { strategy })),
        ).toEqual([1])
      })
    },

    async 'see the trash when the query does'(world, strategy) {
      await seed(world)
      await world.scope(async (session) => {
        const all = { strategy, withTrashed: true, orderBy: { id: 'asc' } } as const
        expect(ids(await session.find(Book, { author: { name: 'Percy' } }, all))).toEqual([3])
        expect(ids(await session.find(Author, { books: { title: 'Valperga' } }, all))).toEqual([1])
        expect(ids(await session.find(Author, { books: { $some: { title: 'Valperga' } } }, all))).toEqual([1])
        expect(ids(await session.find(Author, { books: { $every: { pages: { $lt: 400 } } } }, all))).toEqual([
          2,
        ])
        expect(ids(await session.find(Author, { books: { $size: 2 } }, all))).toEqual([1])
        const trash = { strategy, onlyTrashed: true } as const
        expect(ids(await session.find(Book, { author: { name: 'Mary' } }, trash))).toEqual([2])
      })
    },

    async 'see the trash through a relation that is declared so'(world, strategy) {
      await seed(world)
      await world.scope(async (session) => {
        const found = await session.find(Review, { book: { title: 'Valperga' } }, { strategy })
        expect(ids(found)).toEqual([2])
        expect(await session.find(Review, { book: { tags: { name: 'poem' } } }, { strategy })).toEqual([])
      })
    },

    async 'refuse $size, which could not tell the rows apart'(world, strategy) {
      await seed(world)
      await world.scope(async (session) => {
        const finding = session.find(Author, { books: { $size: 1 } }, { strategy })
        await expect(finding).rejects.toMatchObject({ code: 'LIMBER_SOFT_DELETE_SIZE' })
      })
    },

    async 'climb a tree'(world, strategy) {
      await world.scope((session) => {
        const root = session.create(Folder, { name: 'root' })
        session.create(Folder, {
          name: 'leaf',
          parent: session.create(Folder, { name: 'middle', parent: root }),
        })
      })
      await world.scope(async (session) => {
        const where = { parent: { parent: { name: 'root' } } }
        expect(await session.count(Folder, where)).toBe(1)
        await world.sql(
          `update folder set deleted_at = (select max(t.d) from (select ${world.dialect === 'sqlite' ? 1 : 'now()'} as d) as t) where name = 'middle'`,
        )
        expect(await session.find(Folder, where, { strategy })).toEqual([])
        expect(await session.find(Folder, { folders: { $some: { name: 'leaf' } } }, { strategy })).toEqual([])
      })
    },
  }),
)

await describePath('session.nativeUpdate()', {
  async 'has conditions on relations that the trash does not fulfil'(world) {
    await seed(world)
    await world.scope(async (session) => {
      expect(await session.nativeUpdate(Book, { author: { name: 'Percy' } }, { pages: 1 })).toBe(0)
      expect(await session.nativeUpdate(Book, { author: { name: 'Mary' } }, { pages: 1 })).toBe(1)
      expect(
        await session.nativeUpdate(Author, { books: { $some: { title: 'Valperga' } } }, { name: 'x' }),
      ).toBe(0)
    })
    expect(await world.sql('select id, pages from book order by id')).toEqual([
      { id: 1, pages: 1 },
      { id: 2, pages: 500 },
      { id: 3, pages: 60 },
    ])
  },
})
