import { raw } from '@mikro-orm/core'
import { expect } from 'vitest'
import { describePath } from './describe-path.ts'
import { Author, Book, Chapter, Edition, Person, Profile, Tag, Translator } from './models.ts'
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

  async 'give collections without the trash, which stay as they are in the database'(world) {
    await fillShelf(world)
    await fillTags(world)
    await trash(world, 'tag', 1)
    await world.scope(async (session) => {
      const [book] = await session
        .qb(Book, 'b')
        .select('*')
        .leftJoinAndSelect('b.tags', 't')
        .where({ 'b.id': 1 })
        .getResultList()
      expect(book?.tags.getItems().map(({ name }) => name)).toEqual(['classic'])
    })
    expect(await world.sql('select * from book_tags where book_id = 1')).toHaveLength(2)
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

  async 'have conditions on children that the trash does not fulfil'(world) {
    await fillShelf(world)
    await fillChapters(world)
    await trash(world, 'chapter', 3)
    await world.scope(async (session) => {
      expect(
        titles(
          await session
            .qb(Book)
            .where({ chapters: { title: 'The Ball' } })
            .getResultList(),
        ),
      ).toEqual([])
      expect(
        titles(
          await session
            .qb(Book)
            .where({ chapters: { title: 'Letters' } })
            .getResultList(),
        ),
      ).toEqual(['Frankenstein'])
    })
  },

  async 'have `$some`, `$none` and `$every` of live rows'(world) {
    await fillShelf(world)
    await fillChapters(world)
    await trash(world, 'chapter', 1, 3)
    await world.scope(async (session) => {
      const of = async (condition: object) =>
        titles(await session.qb(Book).where({ chapters: condition }).getResultList())
      expect(await of({ $some: { title: { $like: '%' } } })).toEqual(['Frankenstein'])
      expect(await of({ $some: { title: 'Letters' } })).toEqual([])
      expect(await of({ $none: { title: 'The Ball' } })).toEqual(['Emma', 'Frankenstein', 'The Last Man'])
      expect(await of({ $every: { title: 'The Monster' } })).toEqual(['Emma', 'Frankenstein', 'The Last Man'])
    })
  },

  async 'have a `$size` of live rows'(world) {
    await fillShelf(world)
    await fillChapters(world)
    await trash(world, 'chapter', 1)
    await world.scope(async (session) => {
      const of = async (size: number) =>
        titles(
          await session
            .qb(Book)
            .where({ chapters: { $size: size } })
            .getResultList(),
        )
      expect(await of(0)).toEqual(['The Last Man'])
      expect(await of(1)).toEqual(['Emma', 'Frankenstein'])
      expect(await of(2)).toEqual([])
    })
  },

  async 'have `$some`, `$none` and `$size` over a table between'(world) {
    await fillShelf(world)
    await fillTags(world)
    await trash(world, 'tag', 2)
    await world.scope(async (session) => {
      const of = async (condition: object) =>
        titles(await session.qb(Book).where({ tags: condition }).getResultList())
      expect(await of({ $some: { name: 'classic' } })).toEqual([])
      expect(await of({ $some: { name: 'horror' } })).toEqual(['Frankenstein'])
      expect(await of({ $none: { name: 'classic' } })).toEqual(['Emma', 'Frankenstein', 'The Last Man'])
      expect(await of({ $size: 1 })).toEqual(['Frankenstein'])
      expect(await of({ $size: 0 })).toEqual(['Emma', 'The Last Man'])
    })
  },

  async 'have nested collection operators of live rows'(world) {
    await fillShelf(world)
    await fillChapters(world)
    const find = () =>
      world.scope(async (session) =>
        titles(
          await session
            .qb(Book)
            .where({ chapters: { $some: { notes: { $some: { text: { $like: 'On%' } } } } } })
            .getResultList(),
        ),
      )
    expect(await find()).toEqual(['Emma', 'Frankenstein'])
    await trash(world, 'note', 1)
    expect(await find()).toEqual(['Emma'])
    await trash(world, 'chapter', 3)
    expect(await find()).toEqual([])
  },

  async 'have conditions on the key of what is over a table between that the trash does not fulfil'(world) {
    await fillShelf(world)
    await fillTags(world)
    await trash(world, 'tag', 2)
    await world.scope(async (session) => {
      expect(titles(await session.qb(Book).where({ tags: 2 }).getResultList())).toEqual([])
      expect(
        titles(
          await session
            .qb(Book)
            .where({ tags: [1, 2] })
            .getResultList(),
        ),
      ).toEqual(['Frankenstein'])
      expect(await session.qb(Book).withTrashed().where({ tags: 2 }).getCount()).toBe(2)
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
