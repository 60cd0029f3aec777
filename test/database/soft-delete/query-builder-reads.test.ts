import { raw } from '@mikro-orm/core'
import { expect } from 'vitest'
import { describePath } from './describe-path.ts'
import { Book, Edition, Person, Tag, Translator } from './models.ts'
import { fillChapters, fillShelf, fillTags, titles, trash } from './shelf.ts'

await describePath('queryBuilder reads', {
  async 'give live rows, by every way of asking for a result'(world) {
    await fillShelf(world)
    await trash(world, 'book', 1)
    await world.scope(async (session) => {
      const books = () => session.createQueryBuilder(Book).select('*').orderBy({ id: 'asc' })
      const expected = ['Emma', 'The Last Man']
      expect(titles(await books().getResult())).toEqual(expected)
      expect(titles(await books().getResultList())).toEqual(expected)
      expect(titles(await books().execute('all'))).toEqual(expected)
      expect((await books().getSingleResult())?.title).toBe('The Last Man')
      expect((await books().execute('get')).title).toBe('The Last Man')
      expect(await books().getCount()).toBe(2)
      expect((await session.qb(Book).count().execute('get')).count).toSatisfy((n) => Number(n) === 2)
      const [page, total] = await books().limit(1).getResultAndCount()
      expect([titles(page), total]).toEqual([['The Last Man'], 2])
      const streamed = []
      for await (const book of books().stream()) streamed.push(book)
      expect(titles(streamed)).toEqual(expected)
    })
  },

  async 'give nothing where everything is in the trash'(world) {
    await fillShelf(world)
    await trash(world, 'book', 1, 2, 3)
    await world.scope(async (session) => {
      expect(await session.qb(Book).select('*').getResultList()).toEqual([])
      expect(await session.qb(Book).select('*').getSingleResult()).toBeNull()
      expect(await session.qb(Book).getCount()).toBe(0)
    })
  },

  async 'keep their condition apart: an `$or` does not let the trash in'(world) {
    await fillShelf(world)
    await trash(world, 'book', 1)
    await world.scope(async (session) => {
      const either = session.qb(Book).where({ id: 1 }).orWhere({ id: 2 })
      expect(titles(await either.getResultList())).toEqual(['The Last Man'])
      const raw = session.qb(Book).where('id = 1 or id = 2')
      expect(titles(await raw.getResultList())).toEqual(['The Last Man'])
    })
  },

  async 'find what is asked for by the stamp itself'(world) {
    await fillShelf(world)
    await trash(world, 'book', 1)
    await world.scope(async (session) => {
      const gone = { deletedAt: { $ne: null } } as object
      expect(await session.qb(Book).where(gone).getCount()).toBe(0)
      expect(await session.qb(Book).withTrashed().where(gone).getCount()).toBe(1)
    })
  },

  async 'count, group and select distinct rows without the trash'(world) {
    await fillShelf(world)
    await trash(world, 'book', 1)
    const rows = await world.scope((session) =>
      session
        .qb(Book, 'b')
        .select(['b.author', raw('count(*) as n')])
        .groupBy('b.author')
        .having('count(*) > 0')
        .execute<{ n: number }[]>('all', false),
    )
    expect(rows.map(({ n }) => Number(n))).toEqual([1, 1])
    expect(
      await world.scope((session) => session.qb(Book).select('author', true).getCount('author', true)),
    ).toBe(2)
  },

  async 'page over live rows'(world) {
    await fillShelf(world)
    await trash(world, 'book', 1)
    await world.scope(async (session) => {
      const page = (offset: number) =>
        session.qb(Book).select('*').orderBy({ id: 'asc' }).limit(1, offset).getResultList()
      expect(titles(await page(0))).toEqual(['The Last Man'])
      expect(titles(await page(1))).toEqual(['Emma'])
      expect(await page(2)).toEqual([])
    })
  },

  async 'page over live rows with a join to many'(world) {
    await fillShelf(world)
    await fillChapters(world)
    await trash(world, 'chapter', 1)
    await trash(world, 'book', 2)
    await world.scope(async (session) => {
      const books = await session
        .qb(Book, 'b')
        .select('*')
        .leftJoinAndSelect('b.chapters', 'c')
        .orderBy({ 'b.id': 'asc' })
        .limit(2)
        .getResultList()
      expect(titles(books)).toEqual(['Emma', 'Frankenstein'])
      expect(books[0]?.chapters.getItems().map(({ id }) => id)).toEqual([2])
    })
  },

  async 'know a key of two columns and a stamp of another name'(world) {
    await world.scope((session) => {
      for (const number of [1, 2]) session.create(Edition, { isbn: '978', number, publisher: 'Lackington' })
    })
    await world.scope((session) => session.qb(Edition).delete({ number: 1 }).execute())
    await world.scope(async (session) => {
      expect(await session.qb(Edition).getCount()).toBe(1)
      expect(await session.qb(Edition).onlyTrashed().getCount()).toBe(1)
      expect(await session.qb(Edition).withTrashed().getCount()).toBe(2)
    })
  },

  async 'know the kinds of one table'(world) {
    await world.scope((session) => {
      session.create(Translator, { name: 'Anna' })
      session.create(Translator, { name: 'Carl' })
    })
    await world.sql("insert into person (name, kind) values ('Otto', 'person')")
    await world.scope((session) => session.qb(Translator).delete({ name: 'Anna' }).execute())
    await world.scope(async (session) => {
      expect(await session.qb(Translator).getCount()).toBe(1)
      expect(await session.qb(Person).getCount()).toBe(2)
      expect(await session.qb(Translator).onlyTrashed().getCount()).toBe(1)
    })
  },

  async 'update live rows only'(world) {
    await fillShelf(world)
    await trash(world, 'book', 1)
    const { affectedRows } = await world.scope((session) =>
      session
        .qb(Book)
        .update({ pages: 1 })
        .where({ pages: { $gt: 0 } })
        .execute(),
    )
    expect(affectedRows).toBe(2)
    expect(await world.sql('select pages from book where id = 1')).toEqual([{ pages: 280 }])
  },

  async 'update live rows only, by a condition on what they refer to'(world) {
    await fillShelf(world)
    await trash(world, 'book', 1)
    await trash(world, 'author', 2)
    const { affectedRows } = await world.scope((session) =>
      session
        .qb(Book)
        .update({ pages: 1 })
        .where({ author: { name: { $in: ['Mary', 'Jane'] } } })
        .execute('run'),
    )
    expect(affectedRows).toBe(1)
    expect(await world.sql('select id from book where pages = 1')).toEqual([{ id: 2 }])
  },

  async 'update in the transaction of the scope, also by a condition on what the rows refer to'(world) {
    await fillShelf(world)
    await expect(
      world.scope(async (session) => {
        await session
          .qb(Book)
          .update({ pages: 1 })
          .where({ author: { name: 'Mary' } })
          .execute()
        throw new Error('changed my mind')
      }),
    ).rejects.toThrow('changed my mind')
    expect(await world.sql('select id from book where pages = 1')).toEqual([])
  },

  async 'update the trash with withTrashed(), and nothing else with onlyTrashed()'(world) {
    await fillShelf(world)
    await trash(world, 'book', 1)
    await world.scope(async (session) => {
      expect((await session.qb(Book).onlyTrashed().update({ pages: 1 }).execute()).affectedRows).toBe(1)
      expect((await session.qb(Book).withTrashed().update({ pages: 2 }).execute()).affectedRows).toBe(3)
    })
  },

  async 'are refused nothing on insert'(world) {
    await fillShelf(world)
    await world.scope((session) => session.qb(Tag).insert({ name: 'satire' }).execute())
    expect(await world.live('tag', 'name')).toEqual(['satire'])
  },

  async 'copy live rows only with insertFrom()'(world) {
    await fillShelf(world)
    await trash(world, 'book', 1)
    await world.scope((session) =>
      session
        .qb(Tag)
        .insertFrom(session.qb(Book).select(['title']), { columns: ['name'] })
        .execute(),
    )
    expect(await world.live('tag', 'name')).toEqual(['Emma', 'The Last Man'])
  },

  async 'show in their SQL what they do'(world) {
    await world.scope((session) => {
      const books = session.qb(Book, 'b').where({ title: 'Emma' })
      for (const sql of [
        books.getQuery(),
        books.toQuery().sql,
        books.toRaw().sql,
        books.getNativeQuery().compile().sql,
      ])
        expect(sql).toMatch(/deleted_at.? is null/)
      expect(books.getFormattedQuery()).toMatch(/'Emma' and .*deleted_at.? is null/)
      expect(session.qb(Book).withTrashed().getQuery()).not.toContain('where')
    })
  },

  async 'show in the SQL of a delete the update that it is'(world) {
    await fillShelf(world)
    await world.scope((session) => {
      const gone = session.qb(Book).delete({ title: 'Emma' })
      for (const sql of [gone.getQuery(), gone.toQuery().sql, gone.getFormattedQuery()]) {
        expect(sql).toMatch(/^update .*book.* set .*deleted_at.* where .*title.* and .*deleted_at.? is null$/)
      }
      expect(gone.getParams()).toContain('Emma')
      expect(session.qb(Book).force().delete({ title: 'Emma' }).getQuery()).toMatch(/^delete from/)
    })
    expect(await world.live('book')).toEqual([1, 2, 3])
  },

  async 'take an alias, and none'(world) {
    await fillShelf(world)
    await trash(world, 'book', 1)
    await world.scope(async (session) => {
      expect(await session.qb(Book, 'b').where({ 'b.author': 1 }).getCount()).toBe(1)
      expect(await session.qb(Book).where({ author: 1 }).getCount()).toBe(1)
      expect(await session.createQueryBuilder(Book, 'shelf').getCount()).toBe(2)
    })
  },

  async 'count what they find, without and with a page'(world) {
    await fillShelf(world)
    await fillTags(world)
    await trash(world, 'tag', 2)
    await world.scope(async (session) => {
      const books = session.qb(Book, 'b').select('*').leftJoinAndSelect('b.tags', 't').limit(2)
      expect(await books.getCount()).toBe(3)
      expect(await books.getResultList()).toHaveLength(2)
    })
  },

  async 'are counted after the result, too'(world) {
    await fillShelf(world)
    await trash(world, 'book', 1)
    await world.scope(async (session) => {
      const books = session.qb(Book).select('*').limit(1)
      expect(await books.getResultList()).toHaveLength(1)
      expect(await books.getCount()).toBe(2)
    })
  },
})
