/** What is populated changes neither rows nor what memory holds of others. */
import { wrap } from '@mikro-orm/core'
import { expect } from 'vitest'
import { describePath, eachStrategy } from './describe-path.ts'
import { ids, seed, trashRow, UNTOUCHED } from './library.ts'
import { Author, Book, Prize, Review } from './models.ts'

await describePath(
  'populate',
  eachStrategy({
    async 'lets what is written afterwards leave the foreign key alone'(world, strategy) {
      await seed(world)
      await world.scope(async (session) => {
        const [book] = await session.find(Book, 3, { populate: ['author'], strategy })
        if (book) book.pages = 61
        await session.flush()
      })
      expect(await world.sql('select id, author_id, pages from book where id = 3')).toEqual([
        { id: 3, author_id: 2, pages: 61 },
      ])
    },

    async 'hides the parent of an entity that the session has already'(world, strategy) {
      await seed(world)
      await world.scope(async (session) => {
        const book = await session.findOneOrFail(Book, 3)
        expect(book.author.id).toBe(2)
        await session.find(Book, {}, { populate: ['author'], strategy })
        expect(book.author).toBeNull()
        book.title = 'Queen Mab, again'
      })
      expect(await world.sql('select author_id from book where id = 3')).toEqual([{ author_id: 2 }])
    },

    async 'shows a parent again that the session restores by condition'(world, strategy) {
      await seed(world)
      await world.scope(async (session) => {
        session.remove(await session.findOneOrFail(Author, 1))
        await session.flush()
        const [prize] = await session.find(
          Prize,
          {},
          { populate: ['author'], strategy, orderBy: { id: 'asc' } },
        )
        expect(prize?.author ?? null).toBeNull()
        await session.restore(Author, { id: 1 })
        expect(prize?.author?.id).toBe(1)
      })
      expect(await world.sql('select author_id from prize where id = 1')).toMatchObject([{ author_id: 1 }])
    },

    async 'keeps a parent hidden that the row has lost in between'(world, strategy) {
      await seed(world)
      await world.scope(async (session) => {
        const author = await session.findOneOrFail(Author, 1)
        session.remove(author)
        await session.flush()
        const [prize] = await session.find(
          Prize,
          {},
          { populate: ['author'], strategy, orderBy: { id: 'asc' } },
        )
        await session.nativeUpdate(Prize, { author: 1 }, { author: null })
        await session.restore(author)
        expect(prize?.author ?? null).toBeNull()
      })
      expect(await world.sql('select author_id from prize where id = 1')).toMatchObject([{ author_id: null }])
    },

    async 'hides a parent that the session has as trashed'(world, strategy) {
      await seed(world)
      await world.scope(async (session) => {
        await session.findOneOrFail(Author, 2, { withTrashed: true })
        const book = await session.findOneOrFail(Book, 3, { populate: ['author'], strategy })
        expect(book.author).toBeNull()
        book.pages = 62
      })
      expect(await world.sql('select author_id from book where id = 3')).toEqual([{ author_id: 2 }])
    },

    async 'hides a parent that the session has as live, when somebody else has trashed it'(world, strategy) {
      await seed(world)
      await world.scope(async (session) => {
        const mary = await session.findOneOrFail(Author, 1)
        const book = await session.findOneOrFail(Book, 1)
        await trashRow(world, 'author', 1)
        await session.find(Book, {}, { populate: ['author'], strategy })
        expect(book.author).toBeNull()
        expect(await session.findOne(Author, 1)).toBeNull()
        expect(mary.name).toBe('Mary')
        book.pages = 63
      })
      expect(await world.sql('select author_id from book where id = 1')).toEqual([{ author_id: 1 }])
    },

    async 'hides a parent that this session has trashed itself'(world, strategy) {
      await seed(world)
      await world.scope(async (session) => {
        const prize = await session.findOneOrFail(Prize, 1, { populate: ['author'], strategy })
        const mary = await session.findOneOrFail(Author, 1)
        session.remove(mary)
        await session.flush()
        await session.find(Prize, {}, { populate: ['author'], strategy })
        expect(prize.author).toBeNull()
        prize.name = 'kept'
      })
      expect(await world.sql('select author_id, name from prize where id = 1')).toEqual([
        { author_id: 1, name: 'kept' },
      ])
    },

    async 'writes nothing, whatever is shown and hidden'(world, strategy) {
      await seed(world)
      await world.scope(async (session) => {
        for (const withTrashed of [false, true, false]) {
          const options = { strategy, withTrashed }
          await session.find(Book, {}, { ...options, populate: ['author', 'editor', 'tags', 'chapters'] })
          await session.find(Prize, {}, { ...options, populate: ['author.country'] })
          await session.find(Author, {}, { ...options, populate: ['profile', 'books.tags'] })
          await session.find(Review, {}, { ...options, populate: ['book.author'] })
          const work = session.getUnitOfWork()
          work.computeChangeSets()
          expect(work.getChangeSets()).toEqual([])
          expect([...work.getCollectionUpdates()]).toEqual([])
        }
      })
    },

    async 'keeps collections as they were loaded when more is read'(world, strategy) {
      await seed(world)
      await world.scope(async (session) => {
        const mary = await session.findOneOrFail(Author, 1, { populate: ['books'], strategy })
        await session.find(Book, {}, { withTrashed: true, strategy })
        expect(ids(mary.books.getItems())).toEqual([1])
        expect(mary.books.isDirty()).toBe(false)
      })
    },

    async 'reads rows again without a change to what is around them'(world, strategy) {
      await seed(world)
      await world.scope(async (session) => {
        const mary = await session.findOneOrFail(Author, 1, { populate: ['books', 'prizes'], strategy })
        await trashRow(world, 'author', 1)
        await session.find(Book, {}, { populate: ['author'], strategy, refresh: true })
        await session.find(Prize, {}, { populate: ['author'], strategy, refresh: true })
        expect([ids(mary.books.getItems()), ids(mary.prizes.getItems())]).toEqual([[1], [1]])
      })
      expect(await world.sql('select id, author_id, editor_id from book order by id')).toEqual(UNTOUCHED)
    },

    async 'writes what somebody has assigned'(world, strategy) {
      await seed(world)
      await world.scope(async (session) => {
        const book = await session.findOneOrFail(Book, 1)
        const percy = await session.findOneOrFail(Author, 2, { withTrashed: true })
        book.editor = wrap(percy).toReference()
        await session.find(Book, {}, { populate: ['editor'], strategy, flushMode: 'commit' })
      })
      expect(await world.sql('select editor_id from book where id = 1')).toEqual([{ editor_id: 2 }])
    },
  }),
)
