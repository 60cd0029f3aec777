import { expect } from 'vitest'
import { describePath } from './describe-path.ts'
import { Author, Book, Country, Edition, Folder, Translator } from './models.ts'
import { fillChapters, fillShelf, trash } from './shelf.ts'

await describePath('queryBuilder.delete()', {
  async 'trashes the rows of its condition, and tells how many'(world) {
    await fillShelf(world)
    const result = await world.scope((session) =>
      session.createQueryBuilder(Book).delete().where({ title: 'Emma' }).execute(),
    )
    expect(result.affectedRows).toBe(1)
    expect(await world.trashed('book')).toEqual([3])
    expect(await world.live('book')).toEqual([1, 2])
  },

  async 'takes its condition as an argument'(world) {
    await fillShelf(world)
    await world.scope((session) =>
      session
        .qb(Book)
        .delete({ pages: { $gt: 300 } })
        .execute(),
    )
    expect(await world.trashed('book')).toEqual([2, 3])
  },

  async 'trashes every row without a condition'(world) {
    await fillShelf(world)
    const result = await world.scope((session) => session.qb(Book).delete().execute())
    expect(result.affectedRows).toBe(3)
    expect(await world.live('book')).toEqual([])
    expect(await world.trashed('book')).toEqual([1, 2, 3])
  },

  async 'does nothing where nothing fits'(world) {
    await fillShelf(world)
    const result = await world.scope((session) => session.qb(Book).delete({ title: 'Ivanhoe' }).execute())
    expect(result.affectedRows).toBe(0)
    expect(await world.trashed('book')).toEqual([])
  },

  async 'is refused after a condition, as on every model'(world) {
    await fillShelf(world)
    await world.scope((session) => {
      expect(() => session.qb(Book).where({ id: 1 }).delete()).toThrow('before `qb.where()` is required')
    })
    expect(await world.live('book')).toEqual([1, 2, 3])
  },

  async 'gives the rows of one delete one stamp'(world) {
    await fillShelf(world)
    await world.scope((session) => session.qb(Book).delete().execute())
    expect(await world.sql('select distinct deleted_at from book')).toHaveLength(1)
  },

  async 'gives each delete a stamp of its own'(world) {
    await fillShelf(world)
    await world.scope(async (session) => {
      await session.qb(Book).delete({ id: 1 }).execute()
      await session.qb(Book).delete({ id: 2 }).execute()
    })
    expect(await world.sql('select distinct deleted_at from book where deleted_at is not null')).toHaveLength(
      2,
    )
  },

  async 'lets the first stamp win'(world) {
    await fillShelf(world)
    await trash(world, 'book', 1)
    const before = await world.sql('select deleted_at from book where id = 1')
    const result = await world.scope((session) => session.qb(Book).delete().execute())
    expect(result.affectedRows).toBe(2)
    expect(await world.sql('select deleted_at from book where id = 1')).toEqual(before)
  },

  async 'changes nothing when it runs again'(world) {
    await fillShelf(world)
    await world.scope(async (session) => {
      const builder = session.qb(Book).delete()
      expect((await builder.execute()).affectedRows).toBe(3)
      const stamps = await session.execute('select deleted_at from book')
      expect((await builder.execute()).affectedRows).toBe(0)
      expect(await session.execute('select deleted_at from book')).toEqual(stamps)
    })
  },

  async 'takes a new stamp when it runs again'(world) {
    await fillShelf(world)
    await world.scope(async (session) => {
      const builder = session.qb(Book).delete()
      await builder.execute()
      await session.insert(Book, { title: 'Persuasion', author: 2 })
      expect((await builder.execute()).affectedRows).toBe(1)
    })
    const stamps = await world.sql(
      'select deleted_at, count(*) as n from book group by deleted_at order by 1',
    )
    expect(stamps.map(({ n }) => Number(n))).toEqual([3, 1])
  },

  async 'takes what follows by the rule of its foreign key, and what follows that, with its stamp'(world) {
    await fillShelf(world)
    await fillChapters(world)
    const result = await world.scope((session) =>
      session.qb(Book).delete({ title: 'Frankenstein' }).execute(),
    )
    expect(result.affectedRows).toBe(1)
    expect(await world.trashed('chapter')).toEqual([1, 2])
    expect(await world.trashed('note')).toEqual([1])
    const stamps = await world.sql(
      `select deleted_at from book union select deleted_at from chapter union select deleted_at from note`,
    )
    expect(stamps.filter(({ deleted_at }) => deleted_at !== null)).toHaveLength(1)
  },

  async 'takes what follows by the cascade of the ORM'(world) {
    await fillShelf(world)
    await world.scope((session) => session.qb(Author).delete({ name: 'Mary' }).execute())
    expect(await world.trashed('book')).toEqual([1, 2])
    expect(await world.live('book')).toEqual([3])
  },

  async 'takes a tree with its root'(world) {
    await world.scope(async (session) => {
      const root = session.create(Folder, { name: 'root' })
      const middle = session.create(Folder, { name: 'middle', parent: root })
      session.create(Folder, { name: 'leaf', parent: middle })
      session.create(Folder, { name: 'other' })
    })
    const { affectedRows } = await world.scope((session) =>
      session.qb(Folder).delete({ name: 'root' }).execute(),
    )
    expect(affectedRows).toBe(1)
    expect(await world.live('folder', 'name')).toEqual(['other'])
  },

  async 'counts the version up, and shows it'(world) {
    await fillShelf(world)
    await fillChapters(world)
    await world.scope((session) => session.qb(Book).delete({ id: 3 }).execute())
    expect(await world.sql('select version from chapter where id = 3')).toEqual([{ version: 2 }])
  },

  async 'leaves the time of the last change alone'(world) {
    await fillShelf(world)
    await fillChapters(world)
    const before = await world.sql('select updated_at from note order by id')
    await world.scope((session) => session.qb(Book).delete().execute())
    expect(await world.trashed('note')).toEqual([1, 2])
    expect(await world.sql('select updated_at from note order by id')).toEqual(before)
  },

  async 'knows a key of two columns and a stamp of another name'(world) {
    await world.scope((session) => {
      for (const number of [1, 2]) session.create(Edition, { isbn: '978', number, publisher: 'Lackington' })
    })
    const { affectedRows } = await world.scope((session) =>
      session.qb(Edition).delete({ isbn: '978', number: 2 }).execute(),
    )
    expect(affectedRows).toBe(1)
    expect(await world.trashed('edition', 'number')).toEqual([2])
  },

  async 'leaves the other kinds of its table alone'(world) {
    await world.scope((session) => {
      session.create(Translator, { name: 'Anna' })
    })
    await world.sql("insert into person (name, kind) values ('Otto', 'person')")
    await world.scope((session) => session.qb(Translator).delete().execute())
    expect(await world.live('person', 'name')).toEqual(['Otto'])
    expect(await world.trashed('person', 'name')).toEqual(['Anna'])
  },

  async 'deletes rows of a hard model'(world) {
    await world.scope(async (session) => {
      session.create(Country, { name: 'England' })
      await session.flush()
      expect((await session.qb(Country).delete({ name: 'England' }).execute()).affectedRows).toBe(1)
    })
    expect(await world.sql('select * from country')).toEqual([])
  },

  async 'gives the rows where the database does'(world) {
    if (world.dialect === 'mysql') return
    await fillShelf(world)
    const rows = await world.scope((session) =>
      session
        .qb(Book)
        .delete({ pages: { $gt: 300 } })
        .returning(['id', 'title'])
        .execute<{ title: string }[]>('all'),
    )
    expect(rows.map(({ title }) => title).sort()).toEqual(['Emma', 'The Last Man'])
    expect(await world.trashed('book')).toEqual([2, 3])
  },

  async 'is undone with the unit of work'(world) {
    await fillShelf(world)
    await fillChapters(world)
    await expect(
      world.scope(async (session) => {
        await session.qb(Book).delete().execute()
        throw new Error('changed my mind')
      }),
    ).rejects.toThrow('changed my mind')
    expect(await world.live('book')).toEqual([1, 2, 3])
    expect(await world.live('chapter')).toEqual([1, 2, 3])
  },

  async 'is undone with a nested transaction'(world) {
    await fillShelf(world)
    await world.scope(async (session) => {
      await session
        .transaction(async () => {
          await session.qb(Book).delete({ id: 1 }).execute()
          throw new Error('changed my mind')
        })
        .catch(() => undefined)
      await session.qb(Book).delete({ id: 2 }).execute()
    })
    expect(await world.trashed('book')).toEqual([2])
  },

  async 'has a transaction of its own outside of a scope'(world) {
    await fillShelf(world)
    await fillChapters(world)
    await using session = world.app.make('db').openSession()
    const { affectedRows } = await session.qb(Book).delete({ id: 1 }).execute()
    expect(affectedRows).toBe(1)
    expect(session.isInTransaction()).toBe(false)
    expect(await world.trashed('chapter')).toEqual([1, 2])
  },

  async 'shows in the entities that the session has'(world) {
    await fillShelf(world)
    await fillChapters(world)
    await world.scope(async (session) => {
      const book = await session.findOneOrFail(Book, 1, { populate: ['chapters'] })
      const [chapter] = book.chapters.getItems()
      await session.qb(Book).delete({ id: 1 }).execute()
      expect(Reflect.get(book, 'deletedAt')).toBeInstanceOf(Date)
      expect(Reflect.get(chapter ?? {}, 'deletedAt')).toEqual(Reflect.get(book, 'deletedAt'))
      expect(await session.findOne(Book, 1)).toBeNull()
    })
  },

  async 'is taken back in memory with the unit of work'(world) {
    await fillShelf(world)
    await using session = world.app.make('db').openSession()
    const book = await session.findOneOrFail(Book, 1)
    await session
      .transaction(async () => {
        await session.qb(Book).delete({ id: 1 }).execute()
        throw new Error('changed my mind')
      })
      .catch(() => undefined)
    expect(Reflect.get(book, 'deletedAt') ?? null).toBeNull()
    expect(await world.live('book')).toEqual([1, 2, 3])
  },

  async 'can be restored with what it took'(world) {
    await fillShelf(world)
    await fillChapters(world)
    await world.scope((session) => session.qb(Book).delete({ id: 3 }).execute())
    await world.scope((session) => session.qb(Author).delete({ name: 'Mary' }).execute())
    const own = await world.sql(
      `select deleted_at from author where id = 1 union select deleted_at from book where author_id = 1
       union select deleted_at from chapter where book_id = 1`,
    )
    expect(own).toHaveLength(1)
    expect(await world.sql('select distinct deleted_at from book')).toHaveLength(2)
  },

  async 'fails as a whole when what follows cannot be trashed'(world) {
    await fillShelf(world)
    await fillChapters(world)
    await world.sql('alter table note rename to other_note')
    try {
      await using session = world.app.make('db').openSession()
      await expect(session.qb(Book).delete({ id: 1 }).execute()).rejects.toThrow()
      expect(await world.live('book')).toEqual([1, 2, 3])
      expect(await world.live('chapter')).toEqual([1, 2, 3])
    } finally {
      await world.sql('alter table other_note rename to note')
    }
  },
})
