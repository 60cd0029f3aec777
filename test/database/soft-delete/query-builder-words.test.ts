import { type Session, withTrashed } from 'limber/database'
import { expect } from 'vitest'
import { describePath } from './describe-path.ts'
import { Author, Book, Country } from './models.ts'
import { fillShelf, titles, trash } from './shelf.ts'

await describePath('queryBuilder reads', {
  async 'give the trash as well with withTrashed(), and nothing else with onlyTrashed()'(world) {
    await fillShelf(world)
    await trash(world, 'book', 1)
    await world.scope(async (session) => {
      expect(await session.qb(Book).withTrashed().getCount()).toBe(3)
      expect(titles(await session.qb(Book).onlyTrashed().getResultList())).toEqual(['Frankenstein'])
      expect(await session.createQueryBuilder(Book).select('*').withTrashed().getResultList()).toHaveLength(3)
      expect(await session.qb(Book).where({ author: 1 }).onlyTrashed().getCount()).toBe(1)
    })
  },

  async 'follow the last word'(world) {
    await fillShelf(world)
    await trash(world, 'book', 1)
    await world.scope(async (session) => {
      expect(await session.qb(Book).withTrashed().onlyTrashed().getCount()).toBe(1)
      expect(await session.qb(Book).onlyTrashed().withTrashed().getCount()).toBe(3)
    })
  },

  async 'take the words on a hard model, where they change nothing'(world) {
    await world.sql("insert into country (name) values ('England')")
    await world.scope(async (session) => {
      expect(await session.qb(Country).withTrashed().getCount()).toBe(1)
      expect(await session.qb(Country).onlyTrashed().getCount()).toBe(1)
      expect((await session.qb(Country).force().delete().execute()).affectedRows).toBe(1)
    })
  },

  async 'follow conditions on a parent in the trash with withTrashed()'(world) {
    await fillShelf(world)
    await trash(world, 'author', 1)
    await world.scope(async (session) => {
      const books = session
        .qb(Book)
        .where({ author: { name: 'Mary' } })
        .withTrashed()
      expect(await books.getCount()).toBe(2)
      const some = session
        .qb(Author)
        .withTrashed()
        .where({ books: { $some: { title: 'Frankenstein' } } })
      expect(await some.getCount()).toBe(1)
    })
  },

  async 'look with onlyTrashed() at all children'(world) {
    await fillShelf(world)
    await trash(world, 'author', 1)
    await trash(world, 'book', 1)
    await world.scope(async (session) => {
      const has = (title: string) =>
        session
          .qb(Author)
          .onlyTrashed()
          .where({ books: { $some: { title } } })
          .getCount()
      expect(await has('Frankenstein')).toBe(1)
      expect(await has('The Last Man')).toBe(1)
      expect(await has('Emma')).toBe(0)
    })
  },

  async 'are shown what a session of replicas shows'(world) {
    await fillShelf(world)
    await trash(world, 'book', 1)
    await using session = world.app.make('db').openSession()
    expect(await session.createQueryBuilder(Book, 'b', 'read').getCount()).toBe(2)
    expect(await session.fork().createQueryBuilder(Book, 'b', 'write').getCount()).toBe(2)
    expect(await session.getRepository(Book).createQueryBuilder('b').getCount()).toBe(2)
  },
})

await describePath('withTrashed(fn)', {
  async 'applies to a query builder that is made in it'(world) {
    await fillShelf(world)
    await trash(world, 'book', 1)
    await world.scope(async (session) => {
      expect(await withTrashed(() => session.qb(Book).getCount())).toBe(3)
      expect(await session.qb(Book).getCount()).toBe(2)
      const made = withTrashed(() => session.qb(Book).select('*'))
      expect(await made.getResultList()).toHaveLength(3)
    })
  },

  async 'does not apply to a query builder that was made before'(world) {
    await fillShelf(world)
    await trash(world, 'book', 1)
    await world.scope(async (session) => {
      const books = session.qb(Book)
      expect(await withTrashed(() => books.getCount())).toBe(2)
    })
  },

  async 'does not reach a query builder that is made beside it'(world) {
    await fillShelf(world)
    await trash(world, 'book', 1)
    const count = () => world.scope((session) => session.qb(Book).getCount())
    expect(await Promise.all([withTrashed(count), count(), withTrashed(count)])).toEqual([3, 2, 3])
  },

  async 'gives way to the words of the query builder'(world) {
    await fillShelf(world)
    await trash(world, 'book', 1)
    await world.scope(async (session) => {
      expect(await withTrashed(() => session.qb(Book).onlyTrashed().getCount())).toBe(1)
    })
  },

  async 'does not let delete() move what is in the trash'(world) {
    await fillShelf(world)
    await trash(world, 'book', 1)
    const before = await world.sql('select deleted_at from book where id = 1')
    await world.scope(async (session) => {
      expect((await withTrashed(() => session.qb(Book).delete().execute())).affectedRows).toBe(2)
      expect((await session.qb(Book).withTrashed().delete().execute()).affectedRows).toBe(0)
      expect((await session.qb(Book).onlyTrashed().delete().execute()).affectedRows).toBe(0)
    })
    expect(await world.sql('select deleted_at from book where id = 1')).toEqual(before)
  },

  async 'lets delete() follow conditions that the trash fulfils'(world) {
    await fillShelf(world)
    await trash(world, 'author', 1)
    await world.scope(async (session) => {
      const gone = session
        .qb(Book)
        .withTrashed()
        .delete()
        .where({ author: { name: 'Mary' } })
      expect(await gone.execute('run')).toMatchObject({ affectedRows: 2 })
    })
    expect(await world.trashed('book')).toEqual([1, 2])
  },
})

await describePath('session.count()', {
  async 'groups live rows by countBy(), and all rows with the word'(world) {
    await fillShelf(world)
    await trash(world, 'book', 1)
    await world.scope(async (session) => {
      expect(await session.countBy(Book, 'author')).toEqual({ 1: 1, 2: 1 })
      expect(await session.countBy(Book, 'author', { withTrashed: true })).toEqual({ 1: 2, 2: 1 })
      expect(await session.countBy(Book, 'author', { onlyTrashed: true })).toEqual({ 1: 1 })
    })
  },
})

await describePath('session.nativeUpdate()', {
  async 'leaves the trash as it is'(world) {
    await fillShelf(world)
    await trash(world, 'book', 1)
    await world.scope(async (session) => {
      expect(await session.nativeUpdate(Book, { pages: { $gt: 0 } }, { pages: 1 })).toBe(2)
      expect(await session.nativeUpdate(Book, {}, { pages: 2 })).toBe(2)
    })
    expect(await world.sql('select pages from book where id = 1')).toEqual([{ pages: 280 }])
  },
})

await describePath('unique properties', {
  async 'are met among live rows by an insert of a query builder with a conflict'(world) {
    await fillShelf(world)
    await trash(world, 'author', 1)
    const row = { name: 'Mary Shelley', email: 'mary@example.com' }
    await world.scope(async (session) => {
      await session.qb(Author).insert(row).onConflict('email').merge(['name']).execute()
      const again = { ...row, name: 'M. Shelley' }
      await session.qb(Author).insert(again).onConflict(['email']).merge(['name']).execute()
      await session
        .qb(Author)
        .insert({ ...row, name: 'Nobody' })
        .onConflict('email')
        .ignore()
        .execute()
    })
    expect(await world.live('author', 'name')).toEqual(['Jane', 'M. Shelley'])
    expect(await world.trashed('author', 'name')).toEqual(['Mary'])
  },

  async 'of the trash are met by none: the primary key of a row there is refused, and the row is left alone'(
    world,
  ) {
    await fillShelf(world)
    await trash(world, 'author', 1)
    const rows = [
      { id: 2, name: 'Jane Austen' },
      { id: 1, name: 'Mary Shelley', email: 'new@example.com' },
    ]
    const refused = { code: 'LIMBER_TRASHED_KEY', message: expect.stringContaining('The Author with id 1') }
    const inserts: ((session: Session) => Promise<unknown>)[] = [
      (session) => session.qb(Author).insert(rows).onConflict('id').merge(['name']).execute(),
      (session) => session.qb(Author).insert(rows).onConflict('id').merge(['name']).clone().execute(),
      (session) => session.qb(Author).insert(rows).onConflict('email').merge(['name']).execute(),
      (session) => session.qb(Author).insert(rows.slice(1)).onConflict('id').merge({ name: 'x' }).execute(),
    ]
    for (const insert of inserts) await expect(world.scope(insert)).rejects.toMatchObject(refused)
    await world.scope((session) => session.qb(Author).insert(rows).onConflict('id').ignore().execute())
    await world.scope((session) =>
      session.qb(Author).insert({ id: 2, name: 'J. Austen' }).onConflict('id').merge(['name']).execute(),
    )
    expect(await world.live('author', 'name')).toEqual(['J. Austen'])
    expect(await world.trashed('author', 'name')).toEqual(['Mary'])
  },

  async 'of two columns are met as well'(world) {
    await fillShelf(world)
    await trash(world, 'book', 1)
    const row = { title: 'Frankenstein', author: 1, pages: 281 }
    await world.scope(async (session) => {
      await session.qb(Book).insert(row).onConflict(['author', 'title']).merge(['pages']).execute()
      await session
        .qb(Book)
        .insert({ ...row, pages: 282 })
        .onConflict(['author', 'title'])
        .merge(['pages'])
        .execute()
    })
    expect(
      await world.sql('select pages from book where author_id = 1 and deleted_at is null order by pages'),
    ).toEqual([{ pages: 282 }, { pages: 470 }])
    expect(await world.sql('select pages from book where id = 1')).toEqual([{ pages: 280 }])
  },
})
