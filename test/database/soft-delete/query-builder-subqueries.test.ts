import { raw, sql } from '@mikro-orm/core'
import { expect } from 'vitest'
import { describePath } from './describe-path.ts'
import { Author, Book } from './models.ts'
import { fillChapters, fillShelf, titles, trash } from './shelf.ts'

await describePath('queryBuilder reads', {
  async 'are live rows in a condition, too'(world) {
    await fillShelf(world)
    await trash(world, 'author', 1)
    await world.scope(async (session) => {
      const authors = () => session.qb(Author).select('id')
      const inside = session.qb(Book).where({ author: { $in: authors() } })
      expect(titles(await inside.getResultList())).toEqual(['Emma'])
      const outside = session.qb(Book).where({ author: { $nin: authors() } })
      expect(titles(await outside.getResultList())).toEqual(['Frankenstein', 'The Last Man'])
      const raws = session.qb(Book).where({ author: { $in: authors().toRaw() } })
      expect(await raws.getCount()).toBe(1)
      const natives = session.qb(Book).where({ author: { $in: authors().getNativeQuery() } as never })
      expect(await natives.getCount()).toBe(1)
    })
  },

  async 'are live rows in a condition of a find, too'(world) {
    await fillShelf(world)
    await trash(world, 'author', 1)
    await world.scope(async (session) => {
      const authors = session.qb(Author).select('id')
      const books = await session.find(Book, { author: { $in: authors.toRaw() } as never })
      expect(titles(books)).toEqual(['Emma'])
    })
  },

  async 'say of each part what it sees'(world) {
    await fillShelf(world)
    await trash(world, 'author', 1)
    await trash(world, 'book', 1)
    await world.scope(async (session) => {
      const gone = session.qb(Author).onlyTrashed().select('id')
      expect(
        titles(
          await session
            .qb(Book)
            .where({ author: { $in: gone } })
            .getResultList(),
        ),
      ).toEqual(['The Last Man'])
      const live = session.qb(Author).select('id')
      const all = session
        .qb(Book)
        .withTrashed()
        .where({ author: { $in: live } })
      expect(titles(await all.getResultList())).toEqual(['Emma'])
    })
  },

  async 'are live rows where they are selected'(world) {
    await fillShelf(world)
    await fillChapters(world)
    await trash(world, 'book', 1)
    const rows = await world.scope((session) => {
      const count = session
        .qb(Book, 'b')
        .count('b.id')
        .where({ author: sql.ref('a.id') } as never)
      return session
        .qb(Author, 'a')
        .select(['a.name', count.as('books')])
        .orderBy({ 'a.id': 'asc' })
        .execute<{ books: number }[]>('all', false)
    })
    expect(rows.map(({ books }) => Number(books))).toEqual([1, 1])
  },

  async 'are live rows of a condition of withSubQuery()'(world) {
    await fillShelf(world)
    await trash(world, 'book', 1)
    await world.scope(async (session) => {
      const count = session
        .qb(Book, 'b')
        .count('b.id')
        .where({ author: sql.ref('a.id') } as never)
        .getNativeQuery()
      const authors = session
        .qb(Author, 'a')
        .withSubQuery(count, 'a.books_total')
        .where({ 'a.books_total': 1 } as never)
      expect(await authors.getCount()).toBe(2)
    })
  },

  async 'are live rows of the query that they are made from'(world) {
    await fillShelf(world)
    await trash(world, 'book', 1)
    await world.scope(async (session) => {
      const books = session.qb(Book).select(['id', 'title', 'author'])
      const shown = await session
        .createQueryBuilder<Book, 's'>(books as never, 's')
        .select('s.title')
        .execute<{ title: string }[]>('all', false)
      expect(titles(shown)).toEqual(['Emma', 'The Last Man'])
      const gone = session.qb(Book).onlyTrashed().select(['id', 'title', 'author'])
      expect(await session.createQueryBuilder<Book, 's'>(gone as never, 's').getCount()).toBe(1)
    })
  },

  async 'join live rows to the query that they are made from'(world) {
    await fillShelf(world)
    await trash(world, 'author', 1)
    await world.scope(async (session) => {
      const books = session.qb(Book).select(['id', 'title', 'author'])
      expect(
        await session
          .createQueryBuilder<Book, 's'>(books as never, 's')
          .innerJoin('s.author', 'a')
          .getCount(),
      ).toBe(1)
    })
  },

  async 'are live rows of a name that with() has given'(world) {
    await fillShelf(world)
    await trash(world, 'book', 1)
    const rows = await world.scope((session) =>
      session
        .qb(Book)
        .with('shelf', session.qb(Book).select(['id', 'title']))
        .from('shelf', 's')
        .select('*')
        .orderBy({ id: 'asc' })
        .execute<{ title: string }[]>('all', false),
    )
    expect(rows.map(({ title }) => title)).toEqual(['The Last Man', 'Emma'])
  },

  async 'are live rows of a union, as far as its parts do not say otherwise'(world) {
    // The ORM puts the parts in brackets, which SQLite does not take.
    if (world.dialect === 'sqlite') return
    await fillShelf(world)
    await trash(world, 'book', 1, 3)
    await world.scope(async (session) => {
      const mary = () => session.qb(Book).select('id').where({ author: 1 })
      const jane = session.qb(Book).withTrashed().select('id').where({ author: 2 })
      const both = mary().unionAll(jane)
      expect(
        (
          await session
            .qb(Book)
            .withTrashed()
            .where({ id: { $in: both } })
            .getResultList()
        )
          .map(({ id }) => id)
          .sort(),
      ).toEqual([2, 3])
      expect(
        titles(
          await session
            .qb(Book)
            .where({ id: { $in: both } })
            .getResultList(),
        ),
      ).toEqual(['The Last Man'])
      const rows = await session
        .createQueryBuilder<Book, 'u'>(mary().union(mary()) as never, 'u')
        .select('u.id')
        .execute('all', false)
      expect(rows).toHaveLength(1)
    })
  },

  async 'leave raw SQL as it is'(world) {
    await fillShelf(world)
    await trash(world, 'author', 1)
    await world.scope(async (session) => {
      const books = session.qb(Book).where({ author: { $in: raw('select id from author') } })
      expect(await books.getCount()).toBe(3)
    })
  },
})

await describePath('queryBuilder.delete()', {
  async 'takes rows of a condition with a subquery that joins'(world) {
    await fillShelf(world)
    await fillChapters(world)
    await trash(world, 'chapter', 3)
    await world.scope(async (session) => {
      const books = session.qb(Book, 'b').select('b.author').innerJoin('b.chapters', 'c')
      expect(
        (
          await session
            .qb(Author)
            .delete({ id: { $in: books } })
            .execute()
        ).affectedRows,
      ).toBe(1)
    })
    expect(await world.trashed('author')).toEqual([1])
  },

  async 'takes rows that a name of with() has'(world) {
    await fillShelf(world)
    await world.scope(async (session) => {
      const long = session
        .qb(Book)
        .select('id')
        .where({ pages: { $gt: 300 } })
      const gone = session
        .qb(Book)
        .with('longer', long)
        .delete()
        .where({ id: { $in: raw('select id from longer') } })
      expect((await gone.execute()).affectedRows).toBe(2)
    })
    expect(await world.trashed('book')).toEqual([2, 3])
  },
})
