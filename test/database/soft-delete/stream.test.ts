import { withTrashed } from 'limber/database'
import { expect } from 'vitest'
import { describePath } from './describe-path.ts'
import { ids, seed } from './library.ts'
import { Author, Book, Profile, Tag } from './models.ts'

async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const each of stream) found.push(each)
  return found
}

const byId = { orderBy: { id: 'asc' } } as const

await describePath('session.stream()', {
  async 'gives live rows one by one'(world) {
    await seed(world)
    await world.scope(async (session) => {
      expect(ids(await all(session.stream(Book, byId)))).toEqual([1, 3])
      expect(ids(await all(session.stream(Book, { ...byId, withTrashed: true })))).toEqual([1, 2, 3])
      expect(ids(await all(session.stream(Book, { onlyTrashed: true })))).toEqual([2])
      expect(ids(await all(session.stream(Book)))).toHaveLength(2)
    })
  },

  async 'gives nothing where everything is in the trash'(world) {
    await seed(world)
    await world.scope(async (session) => {
      expect(await all(session.stream(Tag, { where: { name: 'poem' } }))).toEqual([])
    })
  },

  async 'shows null for parents in the trash, and leaves it out of collections'(world) {
    await seed(world)
    await world.scope(async (session) => {
      const books = await all(session.stream(Book, { ...byId, populate: ['author', 'tags'] }))
      expect(books.map(({ author }) => author?.unwrap().name ?? null)).toEqual(['Mary', null])
      expect(books.map(({ tags }) => ids(tags.getItems()))).toEqual([[1], [1]])
    })
  },

  async 'finds by condition on a parent'(world) {
    await seed(world)
    await world.scope(async (session) => {
      expect(await all(session.stream(Book, { where: { author: { name: 'Percy' } } }))).toEqual([])
      expect(ids(await all(session.stream(Book, { where: { author: { name: 'Mary' } } })))).toEqual([1])
      expect(ids(await all(session.stream(Book, { where: { tags: { name: 'poem' } } })))).toEqual([])
    })
  },

  async 'gives each owner once, however many rows the other side of a one-to-one has had'(world) {
    await seed(world)
    await world.scope(
      (session) => void session.create(Profile, { text: 'new', author: session.getReference(Author, 1) }),
    )
    await world.scope(async (session) => {
      const found = await all(session.stream(Author))
      expect(found.map(({ id, profile }) => [id, profile?.id])).toEqual([[1, 3]])
    })
  },

  async 'keeps to the words under which it was asked for'(world) {
    await seed(world)
    await world.scope(async (session) => {
      const stream = withTrashed(() => session.stream(Book, byId))
      expect(ids(await all(stream))).toEqual([1, 2, 3])
      const other = session.stream(Book, byId)
      expect(ids(await withTrashed(() => all(other)))).toEqual([1, 3])
    })
  },
})
