import { expect } from 'vitest'
import { describePath } from './describe-path.ts'
import { ids, seed } from './library.ts'
import { Author, Book, Prize, Profile, Tag } from './models.ts'

await describePath('session.count()', {
  async 'counts live rows'(world) {
    await seed(world)
    await world.scope(async (session) => {
      expect(await session.count(Book)).toBe(2)
      expect(await session.count(Book, {}, { withTrashed: true })).toBe(3)
      expect(await session.count(Book, {}, { onlyTrashed: true })).toBe(1)
      expect(await session.count(Book, {}, { filters: false })).toBe(2)
      expect(await session.count(Book, { pages: { $gt: 10_000 } })).toBe(0)
    })
  },

  async 'counts what find finds, and findAndCount both'(world) {
    await seed(world)
    await world.scope(async (session) => {
      const [found, count] = await session.findAndCount(
        Book,
        {},
        { populate: ['author'], limit: 1, orderBy: { id: 1 } },
      )
      expect([ids(found), count]).toEqual([[1], 2])
      const [trashed, all] = await session.findAndCount(Book, {}, { onlyTrashed: true })
      expect([ids(trashed), all]).toEqual([[2], 1])
      expect(await session.findAndCount(Tag, { name: 'poem' })).toEqual([[], 0])
    })
  },

  async 'counts by condition on a parent, which is not fulfilled in the trash'(world) {
    await seed(world)
    await world.scope(async (session) => {
      expect(await session.count(Book, { author: { name: 'Percy' } })).toBe(0)
      expect(await session.count(Book, { author: { name: 'Mary' } })).toBe(1)
      expect(await session.count(Book, { author: { name: 'Percy' } }, { withTrashed: true })).toBe(1)
    })
  },

  async 'counts each owner once, however many rows the other side of a one-to-one has had'(world) {
    await seed(world)
    await world.scope(
      (session) => void session.create(Profile, { text: 'new', author: session.getReference(Author, 1) }),
    )
    await world.scope(async (session) => {
      expect(await session.count(Author)).toBe(1)
      expect(await session.count(Author, { profile: { text: 'new' } })).toBe(1)
      expect(await session.count(Author, { profile: { text: 'about Mary' } })).toBe(0)
      expect(await session.count(Author, {}, { withTrashed: true })).toBe(2)
    })
  },

  async 'counts groups'(world) {
    await seed(world)
    await world.scope(async (session) => {
      expect(await session.countBy(Book, 'author')).toEqual({ 1: 1, 2: 1 })
      expect(await session.countBy(Book, 'author', { withTrashed: true })).toEqual({ 1: 2, 2: 1 })
      expect(await session.countBy(Book, 'author', { onlyTrashed: true })).toEqual({ 1: 1 })
      expect(await session.countBy(Prize, 'name', { where: { author: { name: 'Percy' } } })).toEqual({})
    })
  },
})
