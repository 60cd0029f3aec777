import { TrashingStatementError } from 'limber/database'
import { expect } from 'vitest'
import { describePath } from './describe-path.ts'
import { Author, Book, Note, Prize } from './models.ts'
import { fillChapters, fillShelf, trash } from './shelf.ts'

await describePath('force', {
  async 'deletes the rows of a builder for good'(world) {
    await fillShelf(world)
    const { affectedRows } = await world.scope((session) =>
      session.qb(Book).force().delete().where({ title: 'Emma' }).execute(),
    )
    expect(affectedRows).toBe(1)
    expect(await world.sql('select id from book order by id')).toEqual([{ id: 1 }, { id: 2 }])
  },

  async 'may be said after delete()'(world) {
    await fillShelf(world)
    await world.scope((session) => session.qb(Book).delete().force().where({ title: 'Emma' }).execute())
    expect(await world.sql('select id from book')).toHaveLength(2)
  },

  async 'may be said after the condition'(world) {
    await fillShelf(world)
    await world.scope((session) => session.qb(Book).delete({ title: 'Emma' }).force().execute())
    expect(await world.sql('select id from book')).toHaveLength(2)
  },

  async 'deletes what is in the trash already'(world) {
    await fillShelf(world)
    await trash(world, 'book', 3)
    const { affectedRows } = await world.scope((session) => session.qb(Book).force().delete().execute())
    expect(affectedRows).toBe(3)
    expect(await world.sql('select id from book')).toEqual([])
  },

  async 'deletes nothing but the trash with onlyTrashed()'(world) {
    await fillShelf(world)
    await trash(world, 'book', 3)
    const { affectedRows } = await world.scope((session) =>
      session.qb(Book).onlyTrashed().force().delete().execute(),
    )
    expect(affectedRows).toBe(1)
    expect(await world.sql('select id from book')).toHaveLength(2)
  },

  async 'follows a condition on what the row refers to, in the transaction of the scope'(world) {
    await fillShelf(world)
    await expect(
      world.scope(async (session) => {
        const { affectedRows } = await session
          .qb(Book)
          .force()
          .delete()
          .where({ author: { name: 'Mary' } })
          .execute()
        expect(affectedRows).toBe(2)
        throw new Error('changed my mind')
      }),
    ).rejects.toThrow('changed my mind')
    expect(await world.live('book')).toEqual([1, 2, 3])
  },

  async 'follows a condition that the trash fulfils'(world) {
    await fillShelf(world)
    await trash(world, 'author', 1)
    await world.scope((session) =>
      session
        .qb(Book)
        .force()
        .delete()
        .where({ author: { name: 'Mary' } })
        .execute(),
    )
    expect(await world.live('book')).toEqual([3])
  },

  async 'is a word for one builder'(world) {
    await fillShelf(world)
    await world.scope(async (session) => {
      await session.qb(Book).force().delete({ id: 1 }).execute()
      await session.qb(Book).delete({ id: 2 }).execute()
    })
    expect(await world.live('book')).toEqual([3])
    expect(await world.trashed('book')).toEqual([2])
  },

  async 'is taken along by clones, and comes to none that were made before'(world) {
    await fillShelf(world)
    await world.scope(async (session) => {
      const soft = session.qb(Book)
      const early = soft.clone()
      const late = soft.force().clone()
      await early.delete({ id: 1 }).execute()
      await late.delete({ id: 2 }).execute()
    })
    expect(await world.trashed('book')).toEqual([1])
    expect(await world.live('book')).toEqual([3])
  },

  async 'does not show the trash to a builder that reads'(world) {
    await fillShelf(world)
    await trash(world, 'book', 1)
    expect(await world.scope((session) => session.qb(Book).force().getCount())).toBe(2)
  },

  async 'changes nothing on a row that others refer to: the database refuses'(world) {
    await fillShelf(world)
    await world.scope((session) => {
      session.create(Prize, { name: 'Booker', author: session.getReference(Author, 1) })
    })
    await expect(
      world.scope((session) =>
        session
          .qb(Book)
          .force()
          .delete({ id: 1 })
          .execute()
          .then(() => session.qb(Author).force().delete({ id: 2 }).execute()),
      ),
    ).rejects.toThrow()
    expect(await world.live('author')).toEqual([1, 2])
    expect(await world.live('book')).toEqual([1, 2, 3])
  },

  async 'is missed by a delete that is to be a part of another statement'(world) {
    await fillShelf(world)
    await fillChapters(world)
    await world.scope((session) => {
      const gone = session.qb(Note).delete({ id: 1 })
      expect(() => gone.toRaw()).toThrow(TrashingStatementError)
      expect(() => gone.getNativeQuery()).toThrow(
        expect.objectContaining({ code: 'LIMBER_TRASHING_STATEMENT' }),
      )
      expect(() => session.qb(Note).with('gone', gone.toRaw())).toThrow(TrashingStatementError)
      expect(() => gone.stream()).toThrow(TrashingStatementError)
      expect(gone.force().toRaw().sql).toMatch(/^delete/)
    })
    expect(await world.live('note')).toEqual([1, 2])
  },
})
