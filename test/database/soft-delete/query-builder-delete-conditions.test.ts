/** Deletes whose conditions, joins, limits and subqueries are no part of an update. */
import { expect } from 'vitest'
import { describePath } from './describe-path.ts'
import { Author, Book, Country } from './models.ts'
import { fillChapters, fillShelf, trash } from './shelf.ts'

await describePath('queryBuilder.delete()', {
  async 'follows a condition on what the row refers to'(world) {
    await fillShelf(world)
    const { affectedRows } = await world.scope((session) =>
      session
        .qb(Book)
        .delete()
        .where({ author: { name: 'Mary' } })
        .execute(),
    )
    expect(affectedRows).toBe(2)
    expect(await world.trashed('book')).toEqual([1, 2])
  },

  async 'does not follow a condition that only the trash fulfils'(world) {
    await fillShelf(world)
    await trash(world, 'author', 1)
    const { affectedRows } = await world.scope((session) =>
      session
        .qb(Book)
        .delete()
        .where({ author: { name: { $in: ['Mary', 'Jane'] } } })
        .execute(),
    )
    expect(affectedRows).toBe(1)
    expect(await world.trashed('book')).toEqual([3])
  },

  async 'follows joins'(world) {
    await fillShelf(world)
    const { affectedRows } = await world.scope((session) =>
      session.qb(Book, 'b').delete().leftJoin('b.author', 'a').where({ 'a.name': 'Mary' }).execute('run'),
    )
    expect(affectedRows).toBe(2)
    expect(await world.trashed('book')).toEqual([1, 2])
  },

  async 'follows a join to many, each row once'(world) {
    await fillShelf(world)
    await fillChapters(world)
    const { affectedRows } = await world.scope((session) =>
      session.qb(Book, 'b').delete().innerJoin('b.chapters', 'c').where({ 'c.version': 1 }).execute('run'),
    )
    expect(affectedRows).toBe(2)
    expect(await world.trashed('book')).toEqual([1, 3])
  },

  async 'follows `$some` and `$none`'(world) {
    await fillShelf(world)
    await fillChapters(world)
    await trash(world, 'chapter', 3)
    await world.scope((session) =>
      session
        .qb(Book)
        .delete()
        .where({ chapters: { $some: {} } })
        .execute(),
    )
    expect(await world.trashed('book')).toEqual([1])
    await world.scope((session) =>
      session
        .qb(Book)
        .delete()
        .where({ chapters: { $none: {} } })
        .execute(),
    )
    expect(await world.trashed('book')).toEqual([1, 2, 3])
  },

  async 'takes as many as its limit says, in its order'(world) {
    await fillShelf(world)
    const { affectedRows } = await world.scope((session) =>
      session.qb(Book).delete().orderBy({ pages: 'desc' }).limit(2).execute('run'),
    )
    expect(affectedRows).toBe(2)
    expect(await world.trashed('book')).toEqual([2, 3])
  },

  async 'takes as many as its limit says with a join to many'(world) {
    await fillShelf(world)
    await fillChapters(world)
    await world.scope(async (session) => {
      const gone = session
        .qb(Book, 'b')
        .delete()
        .leftJoin('b.chapters', 'c')
        .orderBy({ 'b.id': 'asc' })
        .limit(1)
      expect(await gone.execute('run')).toMatchObject({ affectedRows: 1 })
    })
    expect(await world.trashed('book')).toEqual([1])
  },

  async 'does not spend its limit on the trash'(world) {
    await fillShelf(world)
    await trash(world, 'book', 3)
    await world.scope((session) => session.qb(Book).delete().orderBy({ pages: 'desc' }).limit(1).execute())
    expect(await world.trashed('book')).toEqual([2, 3])
  },

  async 'follows a subquery'(world) {
    await fillShelf(world)
    await world.scope((session) => {
      const authors = session.qb(Author).select('id').where({ name: 'Mary' })
      return session
        .qb(Book)
        .delete()
        .where({ author: { $in: authors } })
        .execute()
    })
    expect(await world.trashed('book')).toEqual([1, 2])
  },

  async 'follows a subquery of its own table'(world) {
    await fillShelf(world)
    await world
      .scope((session) => {
        const long = session
          .qb(Book, 'long')
          .select('id')
          .where({ pages: { $gt: 300 } })
        return session
          .qb(Book)
          .delete()
          .where({ id: { $in: long }, title: 'Emma' })
          .execute()
      })
      .catch((error: unknown) => {
        // MySQL reads no table that it updates, and says so.
        if (world.dialect !== 'mysql') throw error
      })
    if (world.dialect !== 'mysql') expect(await world.trashed('book')).toEqual([3])
  },

  async 'destroys nothing of a table that is only named'(world) {
    await fillShelf(world)
    await world
      .scope((session) => {
        const builder = session.qb(Country)
        builder.from('book' as never)
        return builder.delete().execute()
      })
      .catch(() => undefined)
    expect(await world.sql('select id from book')).toHaveLength(3)
  },
})
