import { raw } from '@mikro-orm/core'
import { expect } from 'vitest'
import { describePath } from './describe-path.ts'
import { Author, Book, Chapter, Country, Tag } from './models.ts'
import { fillChapters, fillShelf, fillTags, titles, trash } from './shelf.ts'

await describePath('queryBuilder reads', {
  async 'join live rows: a left join keeps the row, an inner join does not'(world) {
    await fillShelf(world)
    await trash(world, 'author', 1)
    await world.scope(async (session) => {
      const left = session.qb(Book, 'b').select('b.*').leftJoin('b.author', 'a')
      expect(await left.getCount()).toBe(3)
      const inner = session.qb(Book, 'b').select('b.*').innerJoin('b.author', 'a')
      expect(titles(await inner.getResultList())).toEqual(['Emma'])
      expect(await session.qb(Book, 'b').join('b.author', 'a').getCount()).toBe(1)
      const selected = session.qb(Book, 'b').select('*').innerJoinAndSelect('b.author', 'a')
      expect(titles(await selected.getResultList())).toEqual(['Emma'])
    })
  },

  async 'join a hard model as it is'(world) {
    await fillShelf(world)
    await world.sql("insert into country (name) values ('England')")
    await world.sql('update author set country_id = 1')
    await world.scope(async (session) => {
      const authors = session.qb(Author, 'a').select('*').innerJoinAndSelect('a.country', 'c')
      expect((await authors.getResultList()).map(({ country }) => country?.unwrap().name)).toEqual([
        'England',
        'England',
      ])
    })
  },

  async 'join live rows from a hard model'(world) {
    await fillShelf(world)
    await world.sql("insert into country (name) values ('England')")
    await world.sql('update author set country_id = 1')
    await trash(world, 'author', 1)
    await world.scope(async (session) => {
      const [country] = await session
        .qb(Country, 'c')
        .select('*')
        .leftJoinAndSelect('c.authors', 'a')
        .getResultList()
      expect(country?.authors.getItems().map(({ name }) => name)).toEqual(['Jane'])
      await session.clear()
      await trash({ ...world, sql: (text) => session.execute(text) }, 'author', 2)
      const [none] = await session
        .qb(Country, 'c')
        .select('*')
        .leftJoinAndSelect('c.authors', 'a')
        .getResultList()
      expect(none?.authors.getItems()).toEqual([])
    })
  },

  async 'join by conditions of their own as well'(world) {
    await fillShelf(world)
    await fillChapters(world)
    await trash(world, 'chapter', 1)
    const rows = await world.scope((session) =>
      session
        .qb(Book, 'b')
        .leftJoin('b.chapters', 'c', { 'c.title': { $in: ['Letters', 'The Ball'] } })
        .select(['b.id', 'c.title as chapter'])
        .orderBy({ 'b.id': 'asc' })
        .execute<{ chapter: string | null }[]>('all', false),
    )
    expect(rows.map(({ chapter }) => chapter)).toEqual([null, null, 'The Ball'])
  },

  async 'join by a condition with `$or` that does not let the trash in'(world) {
    await fillShelf(world)
    await fillChapters(world)
    await trash(world, 'chapter', 1)
    const rows = await world.scope((session) =>
      session
        .qb(Book, 'b')
        .leftJoin('b.chapters', 'c', { $or: [{ 'c.title': 'Letters' }, { 'c.title': 'The Ball' }] })
        .select(['b.id', 'c.title as chapter'])
        .orderBy({ 'b.id': 'asc' })
        .execute<{ chapter: string | null }[]>('all', false),
    )
    expect(rows.map(({ chapter }) => chapter)).toEqual([null, null, 'The Ball'])
  },

  async 'join over a table between without a row for what is in the trash'(world) {
    await fillShelf(world)
    await fillTags(world)
    await trash(world, 'tag', 2)
    const rows = await world.scope((session) =>
      session
        .qb(Book, 'b')
        .leftJoin('b.tags', 't')
        .select(['b.title', 't.name as tag'])
        .orderBy({ 'b.id': 'asc' })
        .execute<{ title: string; tag: string | null }[]>('all', false),
    )
    expect(rows.map(({ title, tag }) => [title, tag])).toEqual([
      ['Frankenstein', 'horror'],
      ['The Last Man', null],
      ['Emma', null],
    ])
  },

  async 'join over a table between from its other side'(world) {
    await fillShelf(world)
    await fillTags(world)
    await trash(world, 'book', 1)
    await world.scope(async (session) => {
      const tags = await session
        .qb(Tag, 't')
        .select('*')
        .leftJoinAndSelect('t.books', 'b')
        .orderBy({ 't.id': 'asc' })
        .getResultList()
      expect(tags.map(({ books }) => titles(books.getItems()))).toEqual([[], ['Emma']])
      expect(await session.qb(Tag, 't').innerJoin('t.books', 'b').getCount('t.id', true)).toBe(1)
    })
  },

  async 'join through two relations'(world) {
    await fillShelf(world)
    await fillChapters(world)
    await trash(world, 'book', 1)
    await world.scope(async (session) => {
      const read = () =>
        session
          .qb(Chapter, 'c')
          .select('*')
          .leftJoinAndSelect('c.book', 'b')
          .leftJoinAndSelect('b.author', 'a')
          .orderBy({ 'c.id': 'asc' })
          .getResultList()
      const chapters = await read()
      expect(chapters).toHaveLength(3)
      expect(chapters.map(({ book }) => book?.unwrap().author.unwrap().name)).toEqual([
        undefined,
        undefined,
        'Jane',
      ])
    })
  },

  async 'join inside of a left join'(world) {
    await fillShelf(world)
    await fillChapters(world)
    await trash(world, 'author', 1)
    await world.scope(async (session) => {
      const rows = await session
        .qb(Chapter, 'c')
        .leftJoin('c.book', 'b')
        .innerJoin('b.author', 'a')
        .select(['c.id', 'b.title as book'])
        .orderBy({ 'c.id': 'asc' })
        .execute<{ book: string | null }[]>('all', false)
      expect(rows.map(({ book }) => book)).toEqual([null, null, 'Emma'])
    })
  },

  async 'join on from what is joined over a table between'(world) {
    await fillShelf(world)
    await fillTags(world)
    await trash(world, 'tag', 1)
    await trash(world, 'author', 2)
    await world.scope(async (session) => {
      const rows = await session
        .qb(Tag, 't')
        .leftJoin('t.books', 'b')
        .leftJoin('b.author', 'a')
        .select(['t.name', 'b.title as book', 'a.name as author'])
        .orderBy({ 'b.id': 'asc' })
        .execute<{ name: string; book: string; author: string | null }[]>('all', false)
      expect(rows.map((row) => [row.name, row.book, row.author])).toEqual([
        ['classic', 'Frankenstein', 'Mary'],
        ['classic', 'Emma', null],
      ])
    })
  },

  async 'join the same relation twice'(world) {
    await fillShelf(world)
    await world.sql('update book set editor_id = 2')
    await trash(world, 'author', 2)
    const rows = await world.scope((session) =>
      session
        .qb(Book, 'b')
        .leftJoin('b.author', 'a')
        .leftJoin('b.editor', 'e')
        .select(['b.id', 'a.name as writer', 'e.name as editor'])
        .orderBy({ 'b.id': 'asc' })
        .execute<{ writer: string | null; editor: string | null }[]>('all', false),
    )
    expect(rows.map(({ writer, editor }) => [writer, editor])).toEqual([
      ['Mary', null],
      ['Mary', null],
      [null, null],
    ])
  },

  async 'join a query of live rows'(world) {
    await fillShelf(world)
    await trash(world, 'book', 2)
    const rows = await world.scope((session) => {
      const books = session.qb(Book, 'x').select(['x.author', 'x.title'])
      return session
        .qb(Author, 'a')
        .leftJoin(books, 's', { 's.author_id': raw('a.id') } as never)
        .select(['a.name', 's.title as title'])
        .orderBy({ 'a.id': 'asc' })
        .execute<{ name: string; title: string }[]>('all', false)
    })
    expect(rows.map(({ name, title }) => [name, title])).toEqual([
      ['Mary', 'Frankenstein'],
      ['Jane', 'Emma'],
    ])
  },

  async 'join a query laterally'(world) {
    // SQLite and MariaDB have no lateral joins.
    if (world.dialect !== 'postgres') return
    await fillShelf(world)
    await trash(world, 'book', 2)
    const rows = await world.scope((session) => {
      const longest = session
        .qb(Book, 'x')
        .select(['x.title'])
        .where({ author: raw('a.id') } as never)
        .orderBy({ pages: 'desc' })
        .limit(1)
      return session
        .qb(Author, 'a')
        .leftJoinLateral(longest, 's', { 's.title': { $ne: null } } as never)
        .select(['a.name', 's.title as title'])
        .orderBy({ 'a.id': 'asc' })
        .execute<{ title: string }[]>('all', false)
    })
    expect(rows.map(({ title }) => title)).toEqual(['Frankenstein', 'Emma'])
  },

  async 'join and select what a query of live rows gives'(world) {
    await fillShelf(world)
    await fillChapters(world)
    await trash(world, 'chapter', 1)
    await world.scope(async (session) => {
      const chapters = session.qb(Chapter, 'x').where({ title: { $like: '%e%' } })
      const books = await session
        .qb(Book, 'b')
        .select('*')
        .leftJoinAndSelect(['b.chapters', chapters], 'c')
        .orderBy({ 'b.id': 'asc' })
        .getResultList()
      expect(books.map(({ chapters }) => chapters.getItems().map(({ id }) => id))).toEqual([[2], [], [3]])
    })
  },

  async 'join what withTrashed() shows, with everything that is joined'(world) {
    await fillShelf(world)
    await fillTags(world)
    await trash(world, 'author', 1)
    await trash(world, 'tag', 2)
    await world.scope(async (session) => {
      const [book] = await session
        .qb(Book, 'b')
        .withTrashed()
        .select('*')
        .leftJoinAndSelect('b.author', 'a')
        .leftJoinAndSelect('b.tags', 't')
        .where({ 'b.id': 1 })
        .getResultList()
      expect(book?.author.unwrap().name).toBe('Mary')
      expect(
        book?.tags
          .getItems()
          .map(({ name }) => name)
          .sort(),
      ).toEqual(['classic', 'horror'])
    })
  },

  async 'join to what is in the trash whatever went with it'(world) {
    await fillShelf(world)
    await world.scope((session) => session.qb(Author).delete({ id: 1 }).execute())
    await world.scope(async (session) => {
      const [author, ...others] = await session
        .qb(Author, 'a')
        .onlyTrashed()
        .select('*')
        .leftJoinAndSelect('a.books', 'b')
        .getResultList()
      expect(others).toEqual([])
      expect(titles(author?.books.getItems() ?? [])).toEqual(['Frankenstein', 'The Last Man'])
    })
  },
})
