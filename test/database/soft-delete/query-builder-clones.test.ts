import { expect } from 'vitest'
import { describePath } from './describe-path.ts'
import { Author, Book } from './models.ts'
import { fillChapters, fillShelf, titles, trash } from './shelf.ts'

await describePath('queryBuilder reads', {
  async 'are the same from a clone'(world) {
    await fillShelf(world)
    await trash(world, 'book', 1)
    await world.scope(async (session) => {
      const books = session.qb(Book).select('*').where({ author: 1 })
      expect(titles(await books.clone().getResultList())).toEqual(['The Last Man'])
      expect(titles(await books.clone().clone().getResultList())).toEqual(['The Last Man'])
      expect(titles(await books.getResultList())).toEqual(['The Last Man'])
    })
  },

  async 'are the same from a clone of what has run'(world) {
    await fillShelf(world)
    await trash(world, 'book', 1)
    await world.scope(async (session) => {
      const books = session.qb(Book).select('*')
      await books.getResultList()
      expect(titles(await books.clone().getResultList())).toEqual(['Emma', 'The Last Man'])
      expect(titles(await books.clone().andWhere({ author: 1 }).getResultList())).toEqual(['The Last Man'])
      expect(await books.clone().getCount()).toBe(2)
    })
  },

  async 'have their conditions once, however often they are cloned'(world) {
    await world.scope((session) => {
      const books = session.qb(Book, 'b').leftJoin('b.author', 'a')
      const sql = books.getQuery()
      expect(sql.match(/deleted_at/g)).toHaveLength(2)
      expect(books.clone().getQuery()).toBe(sql)
      expect(books.clone().clone().getQuery()).toBe(sql)
    })
  },

  async 'show the trash to a clone of what has run without it'(world) {
    await fillShelf(world)
    await trash(world, 'book', 1)
    await world.scope(async (session) => {
      const books = session.qb(Book).select('*').orderBy({ id: 'asc' }).limit(5)
      expect(await books.getResultList()).toHaveLength(2)
      expect(titles(await books.clone().withTrashed().getResultList())).toEqual([
        'Emma',
        'Frankenstein',
        'The Last Man',
      ])
      expect(titles(await books.clone().onlyTrashed().getResultList())).toEqual(['Frankenstein'])
    })
  },

  async 'hear no word after they have run, and say so'(world) {
    await world.scope(async (session) => {
      const books = session.qb(Book).select('*')
      await books.getResultList()
      expect(() => books.withTrashed()).toThrow('already finalized')
      expect(() => books.onlyTrashed()).toThrow('already finalized')
    })
  },

  async 'take their words to clones, which change nothing in what they come from'(world) {
    await fillShelf(world)
    await trash(world, 'book', 1)
    await world.scope(async (session) => {
      const live = session.qb(Book).select('*')
      const all = live.clone().withTrashed()
      const gone = all.clone().onlyTrashed()
      expect(await gone.getCount()).toBe(1)
      expect(await all.getCount()).toBe(3)
      expect(await all.clone().getCount()).toBe(3)
      expect(await live.getCount()).toBe(2)
    })
  },

  async 'join live rows from a clone'(world) {
    await fillShelf(world)
    await fillChapters(world)
    await trash(world, 'chapter', 1)
    await world.scope(async (session) => {
      const books = session
        .qb(Book, 'b')
        .select('*')
        .leftJoinAndSelect('b.chapters', 'c')
        .where({ 'b.id': 1 })
      for (const builder of [books.clone(), books, books.clone()]) {
        const [book] = await builder.getResultList()
        expect(book?.chapters.getItems().map(({ id }) => id)).toEqual([2])
        session.clear()
      }
    })
  },

  async 'are counted with a page, from a clone'(world) {
    await fillShelf(world)
    await fillChapters(world)
    await trash(world, 'book', 2)
    await world.scope(async (session) => {
      const books = session.qb(Book, 'b').select('*').leftJoinAndSelect('b.chapters', 'c').limit(1)
      expect(await books.clone().getCount()).toBe(2)
      const before = books.clone()
      expect(await before.getResultList()).toHaveLength(1)
      expect(await before.clone().getResultList()).toHaveLength(1)
      const [page, total] = await books.getResultAndCount()
      expect([page.length, total]).toEqual([1, 2])
    })
  },
})

await describePath('queryBuilder.delete()', {
  async 'is the same from a clone, each with a stamp of its own'(world) {
    await fillShelf(world)
    await world.scope(async (session) => {
      const gone = session.qb(Book).delete()
      const first = gone.clone()
      expect((await first.andWhere({ id: 1 }).execute('run')).affectedRows).toBe(1)
      expect((await gone.clone().andWhere({ id: 2 }).execute('run')).affectedRows).toBe(1)
      expect((await gone.execute()).affectedRows).toBe(1)
    })
    expect(await world.sql('select distinct deleted_at from book')).toHaveLength(3)
    expect(await world.trashed('book')).toEqual([1, 2, 3])
  },

  async 'is the same from a clone of what has run'(world) {
    await fillShelf(world)
    await world.scope(async (session) => {
      const gone = session
        .qb(Book)
        .delete()
        .where({ author: { name: 'Mary' } })
      expect(await gone.execute('run')).toMatchObject({ affectedRows: 2 })
      await session.insert(Book, { title: 'Mathilda', author: 1 })
      expect(await gone.clone().execute('run')).toMatchObject({ affectedRows: 1 })
    })
    expect(await world.live('book', 'title')).toEqual(['Emma'])
  },

  async 'is the same after its SQL was looked at'(world) {
    await fillShelf(world)
    await world.scope(async (session) => {
      const gone = session.qb(Book).delete({ id: 1 })
      gone.getFormattedQuery()
      gone.getQuery()
      expect((await gone.execute()).affectedRows).toBe(1)
    })
    expect(await world.trashed('book')).toEqual([1])
  },

  async 'is counted without being done'(world) {
    await fillShelf(world)
    await world.scope(async (session) => {
      expect(await session.qb(Book).delete({ author: 1 }).getCount()).toBe(2)
      const joined = session
        .qb(Book)
        .delete()
        .where({ author: { name: 'Mary' } })
      expect(await joined.getCount()).toBe(2)
    })
    expect(await world.live('book')).toEqual([1, 2, 3])
  },

  async 'takes the rows that a read of the same conditions gives'(world) {
    await fillShelf(world)
    await fillChapters(world)
    await trash(world, 'chapter', 3)
    await world.scope(async (session) => {
      const where = { chapters: { title: { $like: 'The%' } } }
      expect(await session.qb(Book).where(where).getCount()).toBe(1)
      expect(await session.qb(Book).delete().where(where).execute('run')).toMatchObject({ affectedRows: 1 })
    })
    expect(await world.trashed('book')).toEqual([1])
  },

  async 'is forced by a clone alone'(world) {
    await fillShelf(world)
    await world.scope(async (session) => {
      const gone = session.qb(Author).delete({ id: 2 })
      await session.qb(Book).force().delete({ author: 2 }).execute()
      await gone.clone().force().execute('run')
      expect(gone.getQuery()).toMatch(/^update/)
    })
    expect(await world.sql('select id from author')).toEqual([{ id: 1 }])
  },
})
