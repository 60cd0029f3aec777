import { wrap } from '@mikro-orm/core'
import { expect } from 'vitest'
import { describePath, eachStrategy } from './describe-path.ts'
import { ids, seed, trashRow, UNTOUCHED } from './library.ts'
import { Author, Book, Country, Folder, Issue, Prize, Profile, Review, Series, Tag } from './models.ts'

await describePath(
  'populate',
  eachStrategy({
    async 'shows null for a parent in the trash, and keeps the row and its foreign key'(world, strategy) {
      await seed(world)
      await world.scope(async (session) => {
        const books = await session.find(Book, {}, { populate: ['author'], strategy, orderBy: { id: 'asc' } })
        expect(books.map(({ id, author }) => [id, author?.unwrap().name])).toEqual([
          [1, 'Mary'],
          [3, undefined],
        ])
        expect(books[1]?.author).toBeNull()
      })
      expect(await world.sql('select id, author_id, editor_id from book order by id')).toEqual(UNTOUCHED)
    },

    async 'does the same to a parent that may be missing'(world, strategy) {
      await seed(world)
      await world.scope(async (session) => {
        const prizes = await session.find(
          Prize,
          {},
          { populate: ['author'], strategy, orderBy: { id: 'asc' } },
        )
        expect(prizes.map(({ author }) => author?.unwrap().name ?? null)).toEqual(['Mary', null, null])
        for (const prize of prizes) prize.name = 'renamed'
      })
      expect(await world.sql('select author_id from prize order by id')).toEqual([
        { author_id: 1 },
        { author_id: 2 },
        { author_id: null },
      ])
    },

    async 'gives the same rows whatever is populated'(world, strategy) {
      await seed(world)
      const populates = [
        [],
        ['author'],
        ['author.country'],
        ['editor', 'author'],
        ['tags', 'author', 'chapters'],
      ]
      for (const populate of populates) {
        await world.scope(async (session) => {
          const found = await session.find(Book, {}, { populate: populate as never, strategy })
          expect(ids(found).sort()).toEqual([1, 3])
          expect(await session.count(Book, {}, { populate: populate as never })).toBe(2)
        })
      }
    },

    async 'shows null in the middle of a path, and goes on where the path goes on'(world, strategy) {
      await seed(world)
      await world.scope(async (session) => {
        const books = await session.find(
          Book,
          {},
          { populate: ['author.country'], strategy, orderBy: { id: 'asc' } },
        )
        expect(books.map(({ author }) => author?.unwrap().country?.unwrap().name ?? null)).toEqual([
          'England',
          null,
        ])
      })
    },

    async 'shows null at the end of a path'(world, strategy) {
      await seed(world)
      await world.scope(async (session) => {
        const review = await session.findOneOrFail(Review, 1, { populate: ['book.author'], strategy })
        expect(review.book.unwrap().author.unwrap().name).toBe('Mary')
        await trashRow(world, 'author', 1)
        session.clear()
        const again = await session.findOneOrFail(Review, 1, { populate: ['book.author'], strategy })
        expect(again.book.unwrap().author).toBeNull()
        again.book.unwrap().pages = 1
      })
      expect(await world.sql('select author_id from book where id = 1')).toEqual([{ author_id: 1 }])
    },

    async 'leaves the trash out of collections'(world, strategy) {
      await seed(world)
      await world.scope(async (session) => {
        const mary = await session.findOneOrFail(Author, 1, { populate: ['books'], strategy })
        expect(ids(mary.books.getItems())).toEqual([1])
        const [england] = await session.find(Country, 1, { populate: ['authors.books'], strategy })
        expect(england?.authors.getItems().flatMap((author) => ids(author.books.getItems()))).toEqual([1])
        const [italy] = await session.find(Country, 2, { populate: ['authors.books'], strategy })
        expect(italy?.authors.isInitialized()).toBe(true)
        expect(italy?.authors).toHaveLength(0)
      })
    },

    async 'leaves the trash out of many-to-many collections, and keeps the rows between'(world, strategy) {
      await seed(world)
      await world.scope(async (session) => {
        const book = await session.findOneOrFail(Book, 1, { populate: ['tags'], strategy })
        expect(ids(book.tags.getItems())).toEqual([1])
        book.pages = 1
        book.tags.remove(book.tags.getItems())
      })
      expect(await world.sql('select tag_id from book_tags where book_id = 1')).toEqual([{ tag_id: 2 }])
    },

    async 'shows null for the other side of a one-to-one'(world, strategy) {
      await seed(world)
      await world.scope(async (session) => {
        const mary = await session.findOneOrFail(Author, 1, { populate: ['profile'], strategy })
        expect(mary.profile).toBeNull()
        const profile = await session.findOneOrFail(Profile, 2, { populate: ['author'], strategy })
        expect(profile.author).toBeNull()
        profile.text = 'changed'
      })
      expect(await world.sql('select author_id from profile order by id')).toEqual([
        { author_id: 1 },
        { author_id: 2 },
      ])
    },

    async 'takes the live one of several rows on the other side of a one-to-one'(world, strategy) {
      await seed(world)
      await world.scope(
        (session) => void session.create(Profile, { text: 'new', author: session.getReference(Author, 1) }),
      )
      await world.scope(async (session) => {
        const found = await session.find(Author, {}, { populate: ['profile'], strategy, limit: 5 })
        expect(found.map(({ profile }) => profile?.unwrap().text)).toEqual(['new'])
        session.clear()
        const [mary] = await session.find(Author, {}, { strategy })
        expect(mary?.profile?.id).toBe(3)
      })
    },

    async 'gives as many rows as the limit says, also without an order'(world, strategy) {
      await seed(world)
      await world.scope(async (session) => {
        for (const name of ['Jane', 'Ann', 'Emily']) {
          const author = session.create(Author, { name })
          for (const title of ['a', 'b', 'c']) session.create(Book, { title, author })
        }
      })
      await trashRow(world, 'book', 5)
      await world.scope(async (session) => {
        const options = { populate: ['books'] as const, strategy }
        expect(await session.find(Author, {}, { ...options, limit: 1 })).toHaveLength(1)
        expect(await session.find(Author, {}, { ...options, limit: 2, offset: 1 })).toHaveLength(2)
        const where = { books: { title: { $ne: 'b' } } }
        expect(await session.find(Author, where, { ...options, limit: 2 })).toHaveLength(2)
        expect(
          await session.find(Book, {}, { populate: ['tags', 'chapters'], strategy, limit: 1 }),
        ).toHaveLength(1)
      })
    },

    async 'follows a tree up to where it is cut'(world, strategy) {
      await world.scope(async (session) => {
        const root = session.create(Folder, { name: 'root' })
        const middle = session.create(Folder, { name: 'middle', parent: root })
        session.create(Folder, { name: 'leaf', parent: middle })
      })
      await trashRow(world, 'folder', 1)
      await world.scope(async (session) => {
        const leaf = await session.findOneOrFail(
          Folder,
          { name: 'leaf' },
          { populate: ['parent.parent'], strategy },
        )
        expect(leaf.parent?.unwrap().name).toBe('middle')
        expect(leaf.parent?.unwrap().parent).toBeNull()
        leaf.name = 'renamed'
      })
      expect(await world.sql('select count(*) as n from folder where parent_id is not null')).toEqual([
        { n: expect.toSatisfy((n) => Number(n) === 2) },
      ])
    },

    async 'works with part of the columns'(world, strategy) {
      await seed(world)
      await world.scope(async (session) => {
        const books = await session.find(
          Book,
          {},
          { fields: ['title', 'author.name'], strategy, orderBy: { id: 'asc' } },
        )
        expect(books.map(({ title, author }) => [title, author?.unwrap().name])).toEqual([
          ['Frankenstein', 'Mary'],
          ['Queen Mab', undefined],
        ])
        session.clear()
        const others = await session.find(
          Book,
          {},
          { populate: ['author'], exclude: ['pages'], strategy, orderBy: { id: 'asc' } },
        )
        expect(others.map(({ author }) => author?.unwrap().name)).toEqual(['Mary', undefined])
      })
    },

    async 'populates everything'(world, strategy) {
      await seed(world)
      await world.scope(async (session) => {
        const books = await session.find(Book, {}, { populate: ['*'], strategy, orderBy: { id: 'asc' } })
        const seen = books.map(({ author, tags }) => [author?.unwrap().name, ids(tags.getItems())])
        expect(seen).toEqual([
          ['Mary', [1]],
          [undefined, [1]],
        ])
      })
    },

    async 'goes through rows between rows, and to the live one of several'(world, strategy) {
      await seed(world)
      await world.scope((session) => {
        session.create(Profile, { text: 'new', author: session.getReference(Author, 1) })
      })
      await world.scope(async (session) => {
        const tag = await session.findOneOrFail(Tag, 1, { populate: ['books.author.profile'], strategy })
        const texts = tag.books.getItems().map(({ author }) => author?.unwrap().profile?.unwrap().text)
        expect(texts.sort()).toEqual(['new', undefined])
        const england = await session.findOneOrFail(Country, 1, { populate: ['authors.profile'], strategy })
        expect(england.authors[0]?.profile?.unwrap().text).toBe('new')
      })
    },

    async 'follows the conditions of the query'(world, strategy) {
      await seed(world)
      await world.scope(async (session) => {
        const where = { $or: [{ author: { name: 'Mary' } }, { title: 'Queen Mab' }] }
        const populate = ['$infer'] as const
        const books = await session.find(Book, where, { populate, strategy, orderBy: { id: 'asc' } })
        expect(books.map(({ author }) => author?.unwrap().name ?? null)).toEqual(['Mary', null])
        const populateWhere = { books: { title: 'Valperga' } }
        const mary = await session.findOneOrFail(Author, 1, { populate: ['books'], populateWhere, strategy })
        expect(mary.books).toHaveLength(0)
      })
    },

    async 'shows null when it is serialized'(world, strategy) {
      await seed(world)
      await world.scope(async (session) => {
        const book = await session.findOneOrFail(Book, 3, { populate: ['author', 'editor'], strategy })
        expect(wrap(book).toObject()).toMatchObject({ id: 3, author: null, editor: { name: 'Mary' } })
      })
    },

    async 'keeps a parent in the trash that is a part of the key'(world, strategy) {
      await world.scope((session) => {
        for (const name of ['gone', 'here']) {
          const series = session.create(Series, { name })
          for (const number of [1, 2]) session.create(Issue, { series, number })
        }
      })
      await trashRow(world, 'series', 1)
      await world.scope(async (session) => {
        const populate = ['series'] as const
        const orderBy = { series: 'asc', number: 'asc' } as const
        const issues = await session.find(Issue, {}, { populate, strategy, orderBy })
        expect(issues.map((issue) => wrap(issue, true).getPrimaryKeys())).toEqual([
          [1, 1],
          [1, 2],
          [2, 1],
          [2, 2],
        ])
        expect(issues.map(({ series }) => series.isInitialized())).toEqual([false, false, true, true])
        const [first] = issues
        expect(await session.findOne(Issue, [1, 1])).toBe(first)
        expect(await first?.series.load()).toBeNull()
        if (first) session.remove(first)
      })
      expect(await world.trashed('issue', 'series_id')).toEqual([1])
    },

    async 'with the trash shows the live other side of a one-to-one, when there is one'(world, strategy) {
      await seed(world)
      await world.scope((session) => {
        session.create(Profile, { text: 'new', author: session.getReference(Author, 1) })
      })
      await trashRow(world, 'profile', 2)
      await world.scope(async (session) => {
        const options = {
          populate: ['profile'],
          strategy,
          orderBy: { id: 'asc' },
          withTrashed: true,
        } as const
        const authors = await session.find(Author, {}, options)
        expect(authors.map(({ profile }) => profile?.unwrap().text)).toEqual(['new', 'about Percy'])
        const shown = await session.find(Author, {}, { populate: ['profile'], strategy })
        expect(shown.map(({ profile }) => profile?.unwrap().text)).toEqual(['new'])
      })
      expect(await world.sql('select author_id from profile order by id')).toEqual(
        [1, 2, 1].map((author_id) => ({ author_id })),
      )
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
