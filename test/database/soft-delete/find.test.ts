import { expect } from 'vitest'
import { describePath } from './describe-path.ts'
import { ids, seed, trashRow } from './library.ts'
import { Author, Book, Edition, Person, Prize, Tag, Translator } from './models.ts'

const byId = { orderBy: { id: 'asc' } } as const

await describePath('session.find()', {
  async 'gives live rows'({ scope, ...world }) {
    await seed({ scope, ...world })
    await scope(async (session) => {
      expect(ids(await session.find(Book, {}, byId))).toEqual([1, 3])
      expect(ids(await session.findAll(Book, byId))).toEqual([1, 3])
    })
  },

  async 'gives nothing when all rows are in the trash'(world) {
    await seed(world)
    await trashRow(world, 'tag', 1)
    await world.scope(async (session) => expect(await session.find(Tag, {})).toEqual([]))
  },

  async 'gives nothing from an empty table'({ scope }) {
    await scope(async (session) => {
      expect(await session.find(Book, {})).toEqual([])
      expect(await session.find(Book, {}, { onlyTrashed: true })).toEqual([])
    })
  },

  async 'gives every row with withTrashed, and nothing but the trash with onlyTrashed'(world) {
    await seed(world)
    await world.scope(async (session) => {
      expect(ids(await session.find(Book, {}, { ...byId, withTrashed: true }))).toEqual([1, 2, 3])
      expect(ids(await session.find(Book, {}, { ...byId, onlyTrashed: true }))).toEqual([2])
      expect(ids(await session.find(Book, {}, byId))).toEqual([1, 3])
    })
  },

  async 'still leaves the trash out when the filters of the application are off'(world) {
    await seed(world)
    await world.scope(async (session) => {
      expect(ids(await session.find(Book, {}, { ...byId, filters: false }))).toEqual([1, 3])
      expect(ids(await session.find(Book, {}, { ...byId, filters: ['other'] }))).toEqual([1, 3])
      expect(ids(await session.find(Book, {}, { ...byId, filters: { other: true } }))).toEqual([1, 3])
      expect(ids(await session.find(Book, {}, { ...byId, filters: false, withTrashed: true }))).toEqual([
        1, 2, 3,
      ])
    })
  },

  async 'applies the filters of the application as well'(world) {
    await seed(world)
    await world.scope(async (session) => {
      session.addFilter({ name: 'long', cond: { pages: { $gt: 100 } }, entity: [Book], default: true })
      expect(ids(await session.find(Book, {}, byId))).toEqual([1])
      expect(ids(await session.find(Book, {}, { ...byId, withTrashed: true }))).toEqual([1, 2])
      expect(ids(await session.find(Book, {}, { ...byId, filters: false }))).toEqual([1, 3])
      expect(ids(await session.find(Book, {}, { ...byId, filters: { long: false } }))).toEqual([1, 3])
    })
  },

  async 'finds nothing where a condition contradicts it: the trash is asked for by a word'(world) {
    await seed(world)
    await world.scope(async (session) => {
      const where = { deletedAt: { $ne: null } } as object
      expect(await session.find(Book, where)).toEqual([])
      expect(ids(await session.find(Book, where, { withTrashed: true }))).toEqual([2])
      expect(
        ids(await session.find(Book, { deletedAt: null } as object, { ...byId, withTrashed: true })),
      ).toEqual([1, 3])
    })
  },

  async 'knows rows by a key of two columns and a stamp of another name'({ scope }) {
    await scope((session) => {
      for (const number of [1, 2]) session.create(Edition, { isbn: 'x', number, publisher: 'Lackington' })
    })
    await scope(async (session) => {
      session.remove(await session.findOneOrFail(Edition, ['x', 1]))
      await session.flush()
      expect((await session.find(Edition, {})).map(({ number }) => number)).toEqual([2])
      expect(
        (await session.find(Edition, { isbn: 'x' }, { onlyTrashed: true })).map((e) => e.number),
      ).toEqual([1])
    })
  },

  async 'knows the kinds of one table apart'(world) {
    await world.scope((session) => {
      session.create(Person, { name: 'one' })
      for (const name of ['two', 'three']) session.create(Translator, { name })
    })
    await world.scope(async (session) => {
      session.remove(await session.findOneOrFail(Translator, { name: 'two' }))
      await session.flush()
      expect((await session.find(Person, {})).map(({ name }) => name).sort()).toEqual(['one', 'three'])
      expect((await session.find(Translator, {})).map(({ name }) => name)).toEqual(['three'])
      expect((await session.find(Translator, {}, { onlyTrashed: true })).map(({ name }) => name)).toEqual([
        'two',
      ])
      expect((await session.find(Person, {}, { withTrashed: true })).length).toBe(3)
    })
  },

  async 'sees at once what this session removes, also before the flush'(world) {
    await seed(world)
    await world.scope(async (session) => {
      session.remove(await session.findOneOrFail(Book, 1))
      expect(ids(await session.find(Book, {}))).toEqual([3])
    })
  },

  async 'sees it inside db.transaction, and no more after a rollback'(world) {
    await seed(world)
    await world.scope(async (session) => {
      const failing = session.transaction(async () => {
        session.remove(await session.findOneOrFail(Book, 1))
        await session.flush()
        expect(ids(await session.find(Book, {}))).toEqual([3])
        throw new Error('no')
      })
      await expect(failing).rejects.toThrow('no')
      expect(ids(await session.find(Book, {}, byId))).toEqual([1, 3])
    })
  },

  async 'works in a session outside of a scope'(world) {
    await seed(world)
    await using session = await world.app.make('db').openSession()
    expect(ids(await session.find(Book, {}, byId))).toEqual([1, 3])
    expect(ids(await session.find(Book, {}, { onlyTrashed: true }))).toEqual([2])
  },

  async 'keeps rows of pages apart from the trash'(world) {
    await seed(world)
    await world.scope(async (session) => {
      const page = (offset: number) =>
        session.find(Book, {}, { ...byId, limit: 1, offset, populate: ['tags', 'author'] })
      expect(ids(await page(0))).toEqual([1])
      expect(ids(await page(1))).toEqual([3])
      expect(await page(2)).toEqual([])
    })
  },

  async 'locks rows whose condition joins a parent that may be in the trash'(world) {
    await seed(world)
    await world.scope(async (session) => {
      const lock = { lockMode: 4 } as const
      expect(ids(await session.find(Book, { author: { name: 'Mary' } }, lock))).toEqual([1])
      expect(
        ids(await session.find(Book, {}, { ...lock, ...byId, populate: ['author'], strategy: 'joined' })),
      ).toEqual([1, 3])
    })
  },

  async 'works without the identity map'(world) {
    await seed(world)
    await world.scope(async (session) => {
      const found = await session.find(Prize, {}, { ...byId, disableIdentityMap: true, populate: ['author'] })
      expect(found.map(({ author }) => author?.unwrap().name ?? null)).toEqual(['Mary', null, null])
    })
  },

  async 'does not cache results, which would go on to show what is deleted'(world) {
    await seed(world)
    await world.scope(async (session) => {
      const error = { code: 'LIMBER_SOFT_DELETE_CACHE' }
      await expect(session.find(Book, {}, { cache: 5000 })).rejects.toMatchObject(error)
      await expect(session.findOne(Book, { title: 'Emma' }, { cache: 5000 })).rejects.toMatchObject(error)
      await expect(session.count(Book, {}, { cache: ['books', 5000] })).rejects.toMatchObject(error)
      const first = await session.find(Author, {}, { cache: 5000, withTrashed: true })
      await trashRow(world, 'author', 1)
      session.clear()
      expect(await session.find(Author, {}, { cache: 5000, withTrashed: true })).toHaveLength(first.length)
    })
  },
})
