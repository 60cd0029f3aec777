/** Parents in the trash, as query builders see them. */
import { expect } from 'vitest'
import { describePath } from './describe-path.ts'
import { Author, Book, Chapter, Profile } from './models.ts'
import { fillChapters, fillShelf, titles, trash } from './shelf.ts'

await describePath('queryBuilder reads', {
  async 'keep a live row whose parent is in the trash, with its foreign key'(world) {
    await fillShelf(world)
    await trash(world, 'author', 1)
    const rows = await world.sql('select author_id from book where id = 1')
    await world.scope(async (session) => {
      const books = await session.qb(Book).select('*').where({ author: 1 }).getResultList()
      expect(titles(books)).toEqual(['Frankenstein', 'The Last Man'])
      expect(books[0]?.author.id).toBe(1)
    })
    expect(await world.sql('select author_id from book where id = 1')).toEqual(rows)
  },

  async 'give null for a parent in the trash, and leave the row as it is'(world) {
    await fillShelf(world)
    await trash(world, 'author', 1)
    await world.scope(async (session) => {
      const books = await session.qb(Book, 'b').select('*').leftJoinAndSelect('b.author', 'a').getResultList()
      expect(books).toHaveLength(3)
      const byId = new Map(books.map((book) => [book.id, book]))
      expect(byId.get(1)?.author ?? null).toBeNull()
      expect(byId.get(3)?.author.unwrap().name).toBe('Jane')
      const [first] = books.filter(({ id }) => id === 1)
      if (first) first.pages = 281
    })
    expect(await world.sql('select author_id, pages from book where id = 1')).toEqual([
      { author_id: 1, pages: 281 },
    ])
  },

  async 'give null for a parent in the trash that the session has already'(world) {
    await fillShelf(world)
    await world.scope(async (session) => {
      const book = await session.findOneOrFail(Book, 1, { populate: ['author'] })
      await trash({ ...world, sql: (text) => session.execute(text) }, 'author', 1)
      const [again] = await session
        .qb(Book, 'b')
        .select('*')
        .leftJoinAndSelect('b.author', 'a')
        .where({ 'b.id': 1 })
        .getResultList()
      expect(again).toBe(book)
      expect(again?.author ?? null).toBeNull()
      book.pages = 281
    })
    expect(await world.sql('select author_id, pages from book where id = 1')).toEqual([
      { author_id: 1, pages: 281 },
    ])
  },

  async 'give null for the other side of a one-to-one in the trash'(world) {
    await fillShelf(world)
    await world.scope((session) => {
      session.create(Profile, { text: 'Born in London', author: session.getReference(Author, 1) })
    })
    await trash(world, 'profile', 1)
    await world.scope(async (session) => {
      const authors = await session
        .qb(Author, 'a')
        .select('*')
        .leftJoinAndSelect('a.profile', 'p')
        .orderBy({ 'a.id': 'asc' })
        .getResultList()
      expect(authors.map(({ name }) => name)).toEqual(['Mary', 'Jane'])
      expect(authors[0]?.profile ?? null).toBeNull()
    })
    expect(await world.sql('select author_id from profile')).toEqual([{ author_id: 1 }])
  },

  async 'order by a parent in the trash and lose no row'(world) {
    await fillShelf(world)
    await trash(world, 'author', 1)
    await world.scope(async (session) => {
      const books = session
        .qb(Book)
        .select('*')
        .orderBy({ author: { name: 'asc' } })
      expect(titles(await books.getResultList())).toEqual(['Emma', 'Frankenstein', 'The Last Man'])
    })
  },

  async 'select a field of a parent in the trash as null'(world) {
    await fillShelf(world)
    await trash(world, 'author', 1)
    const rows = await world.scope((session) =>
      session
        .qb(Book, 'b')
        .select(['b.title', 'author.name as writer'] as never)
        .orderBy({ 'b.id': 'asc' })
        .execute<{ writer: string | null }[]>('all', false),
    )
    expect(rows.map(({ writer }) => writer)).toEqual([null, null, 'Jane'])
  },

  async 'have conditions on a parent that the trash does not fulfil'(world) {
    await fillShelf(world)
    await trash(world, 'author', 1)
    await world.scope(async (session) => {
      expect(
        titles(
          await session
            .qb(Book)
            .where({ author: { name: 'Mary' } })
            .getResultList(),
        ),
      ).toEqual([])
      expect(
        titles(
          await session
            .qb(Book)
            .where({ author: { name: { $ne: 'x' } } })
            .getResultList(),
        ),
      ).toEqual(['Emma'])
    })
  },

  async 'have conditions on what is null in a parent that the trash does not fulfil'(world) {
    await fillShelf(world)
    await world.sql('update author set email = null')
    await trash(world, 'author', 1)
    await world.scope(async (session) => {
      const of = async (where: object) => titles(await session.qb(Book).where(where).getResultList())
      expect(await of({ author: { email: null } })).toEqual(['Emma'])
      expect(await of({ author: { email: null, id: 1 } })).toEqual([])
      expect(await of({ $or: [{ author: { email: null } }, { pages: 280 }] })).toEqual([
        'Emma',
        'Frankenstein',
      ])
      expect(await of({ author: { $or: [{ email: null }, { name: 'Mary' }] } })).toEqual(['Emma'])
    })
  },

  async 'know a parent in the trash by its key, which the row keeps'(world) {
    await fillShelf(world)
    await trash(world, 'author', 1)
    await world.scope(async (session) => {
      expect(
        await session
          .qb(Book)
          .where({ author: { id: 1 } })
          .getCount(),
      ).toBe(2)
      expect(
        await session
          .qb(Book)
          .where({ author: { $in: [1] } })
          .getCount(),
      ).toBe(2)
      expect(
        await session
          .qb(Book)
          .where({ author: { id: { $gt: 1 } } })
          .getCount(),
      ).toBe(1)
    })
  },

  async 'have an `$or` over a parent in the trash that keeps what the other side finds'(world) {
    await fillShelf(world)
    await trash(world, 'author', 1)
    await world.scope(async (session) => {
      const books = session.qb(Book).where({ $or: [{ title: 'Frankenstein' }, { author: { name: 'Jane' } }] })
      expect(titles(await books.getResultList())).toEqual(['Emma', 'Frankenstein'])
    })
  },

  async 'have conditions through two parents'(world) {
    await fillShelf(world)
    await fillChapters(world)
    const count = () =>
      world.scope((session) =>
        session
          .qb(Chapter)
          .where({ book: { author: { name: 'Mary' } } })
          .getCount(),
      )
    expect(await count()).toBe(2)
    await trash(world, 'book', 1)
    expect(await count()).toBe(0)
    await world.sql('update book set deleted_at = null')
    await trash(world, 'author', 1)
    expect(await count()).toBe(0)
  },
})
