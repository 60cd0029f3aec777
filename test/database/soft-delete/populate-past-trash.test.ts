/** Populating what is in the trash: by the relation, by the query, and hidden again afterwards. */
import { expect } from 'vitest'
import { describePath, eachStrategy } from './describe-path.ts'
import { ids, seed, trashRow, UNTOUCHED } from './library.ts'
import { Author, Book, Review } from './models.ts'

await describePath(
  'populate',
  eachStrategy({
    async 'shows the trash of a relation that is declared so'(world, strategy) {
      await seed(world)
      await world.scope(async (session) => {
        const reviews = await session.find(
          Review,
          {},
          { populate: ['book'], strategy, orderBy: { id: 'asc' } },
        )
        expect(reviews.map(({ book }) => book.unwrap().title)).toEqual(['Frankenstein', 'Valperga'])
      })
    },

    async 'shows it of that relation alone'(world, strategy) {
      await seed(world)
      await trashRow(world, 'author', 1)
      await world.scope(async (session) => {
        const review = await session.findOneOrFail(Review, 2, {
          populate: ['book.author', 'book.tags'],
          strategy,
        })
        expect(review.book.unwrap().title).toBe('Valperga')
        expect(review.book.unwrap().author).toBeNull()
        const first = await session.findOneOrFail(Review, 1, { populate: ['book.tags'], strategy })
        expect(ids(first.book.unwrap().tags.getItems())).toEqual([1])
      })
    },

    async 'hides it there as well where the query says so'(world, strategy) {
      await seed(world)
      await world.scope(async (session) => {
        const review = await session.findOneOrFail(Review, 2, {
          populate: ['book'],
          strategy,
          withTrashed: false,
        })
        expect(review.book).toBeNull()
      })
    },

    async 'shows the trash when it is asked for'(world, strategy) {
      await seed(world)
      await world.scope(async (session) => {
        const books = await session.find(
          Book,
          {},
          { populate: ['author', 'tags'], strategy, withTrashed: true, orderBy: { id: 'asc' } },
        )
        expect(books.map(({ author }) => author.unwrap().name)).toEqual(['Mary', 'Mary', 'Percy'])
        expect(books[0]?.tags).toHaveLength(2)
      })
    },

    async 'shows it also after it has been hidden, and hides it again'(world, strategy) {
      await seed(world)
      await world.scope(async (session) => {
        const where = { id: { $in: [1, 3] } }
        const read = (withTrashed: boolean) =>
          session.find(Book, where, {
            populate: ['author', 'tags'],
            strategy,
            withTrashed,
            orderBy: { id: 'asc' },
          })
        const seen = async (withTrashed: boolean) =>
          (await read(withTrashed)).map(({ author, tags }) => [author?.unwrap().name, ids(tags.getItems())])
        for (const _ of [1, 2]) {
          expect(await seen(false)).toEqual([
            ['Mary', [1]],
            [undefined, [1]],
          ])
          expect(await seen(true)).toEqual([
            ['Mary', [1, 2]],
            ['Percy', [1, 2]],
          ])
        }
      })
      expect(await world.sql('select id, author_id, editor_id from book order by id')).toEqual(UNTOUCHED)
      expect(await world.sql('select book_id from book_tags')).toHaveLength(4)
    },

    async 'shows children also after they have been hidden, and hides them again'(world, strategy) {
      await seed(world)
      await world.scope(async (session) => {
        const seen = async (withTrashed: boolean) => {
          const options = { populate: ['books'] as const, strategy, withTrashed }
          const { books } = await session.findOneOrFail(Author, { name: 'Mary' }, options)
          expect(books.isDirty()).toBe(false)
          return ids(books.getItems()).sort()
        }
        expect([await seen(false), await seen(true)]).toEqual([[1], [1, 2]])
        await session.find(Review, {}, { populate: ['book.author'], strategy })
        expect([await seen(false), await seen(true), await seen(false)]).toEqual([[1], [1, 2], [1]])
      })
    },

    async 'shows an entity of the trash with its parents from everywhere'(world, strategy) {
      await seed(world)
      await trashRow(world, 'book', 3)
      await world.scope(async (session) => {
        const books = await session.find(
          Book,
          {},
          { populate: ['author'], strategy, onlyTrashed: true, orderBy: { id: 'asc' } },
        )
        expect(books.map(({ author }) => author.unwrap().name)).toEqual(['Mary', 'Percy'])
      })
    },

    async 'works on entities afterwards, with session.populate()'(world, strategy) {
      await seed(world)
      await world.scope(async (session) => {
        const books = await session.find(Book, {}, { orderBy: { id: 'asc' } })
        await session.populate(books, ['author', 'tags'], { strategy })
        expect(books.map(({ author }) => author?.unwrap().name)).toEqual(['Mary', undefined])
        expect(books.map(({ tags }) => ids(tags.getItems()))).toEqual([[1], [1]])
        await session.populate(books, ['author', 'tags'], { strategy, withTrashed: true })
        expect(books.map(({ author }) => author?.unwrap().name)).toEqual(['Mary', 'Percy'])
        expect(books.map(({ tags }) => tags.length)).toEqual([2, 2])
      })
      expect(await world.sql('select id, author_id, editor_id from book order by id')).toEqual(UNTOUCHED)
    },
  }),
)
