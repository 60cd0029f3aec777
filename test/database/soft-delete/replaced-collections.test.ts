import { isTrashed } from 'limber/database'
import { expect } from 'vitest'
import { describePath } from './describe-path.ts'
import { Author, Book, Issue, Prize, Series, Tag } from './models.ts'
import type { World } from './world.ts'

const begin = ({ scope }: World) =>
  scope((session) => {
    const series = session.create(Series, { name: 'Strand' })
    for (const number of [1, 2, 3]) session.create(Issue, { series, number })
    const author = session.create(Author, { name: 'Jane' })
    for (const name of ['first', 'second', 'third']) session.create(Prize, { name, author })
    const book = session.create(Book, { title: 'Emma', author })
    for (const name of ['novel', 'old', 'short']) book.tags.add(session.create(Tag, { name }))
  })

const links = ({ sql }: World) => sql('select tag_id from book_tags order by tag_id')

await describePath('orphan removal', {
  async 'trashes what a collection that was not loaded had held, when it is replaced'(world) {
    await begin(world)
    await world.scope((session) => session.nativeDelete(Issue, { number: 3 }))
    const stamp = 'select deleted_at from issue where number = 3'
    const before = await world.sql(stamp)
    await world.scope(async (session) => {
      const series = await session.findOneOrFail(Series, 1)
      series.issues.set([session.getReference(Issue, [1, 1])])
    })
    expect(await world.live('issue', 'number')).toEqual([1])
    expect(await world.trashed('issue', 'number')).toEqual([2, 3])
    expect(await world.sql(stamp)).toEqual(before)
    expect(await world.scope((session) => session.restore(Issue, { number: 2 }))).toBe(1)
  },

  async 'trashes what a collection that was not loaded had held, when it is emptied'(world) {
    await begin(world)
    await world.scope(async (session) => {
      const series = await session.findOneOrFail(Series, 1)
      const loaded = await session.findOneOrFail(Issue, [1, 2])
      series.issues.removeAll()
      await session.flush()
      expect(isTrashed(loaded)).toBe(true)
    })
    expect(await world.trashed('issue', 'number')).toEqual([1, 2, 3])
  },

  async 'brings memory back when the replacing of a collection that was not loaded is undone'(world) {
    await begin(world)
    await world.scope(async (session) => {
      const series = await session.findOneOrFail(Series, 1)
      const loaded = await session.findOneOrFail(Issue, [1, 2])
      const failing = session.transactional(async () => {
        series.issues.set([session.getReference(Issue, [1, 1])])
        await session.flush()
        throw new Error('no')
      })
      await expect(failing).rejects.toThrow('no')
      expect(isTrashed(loaded)).toBe(false)
    })
    expect(await world.live('issue', 'number')).toEqual([1, 2, 3])
  },
})

await describePath('collections', {
  async 'one that was not loaded and is replaced leaves the foreign keys of the trash'(world) {
    await begin(world)
    await world.scope((session) => session.nativeDelete(Prize, { id: 2 }))
    await world.scope(async (session) => {
      const author = await session.findOneOrFail(Author, 1)
      author.prizes.set([session.getReference(Prize, 1)])
    })
    expect(await world.sql('select id, author_id from prize order by id')).toEqual([
      { id: 1, author_id: 1 },
      { id: 2, author_id: 1 },
      { id: 3, author_id: null },
    ])
  },

  async 'one of a many-to-many that was not loaded and is replaced leaves the links to the trash'(world) {
    await begin(world)
    await world.scope((session) => session.nativeDelete(Tag, { id: 2 }))
    await world.scope(async (session) => {
      const book = await session.findOneOrFail(Book, 1)
      book.tags.set([session.getReference(Tag, 1), session.create(Tag, { name: 'new' })])
    })
    expect(await links(world)).toEqual([{ tag_id: 1 }, { tag_id: 2 }, { tag_id: 4 }])
  },

  async 'one of a many-to-many may be replaced by what is in the trash, from either side'(world) {
    await begin(world)
    await world.scope((session) => session.nativeDelete(Tag, { id: 2 }))
    await world.scope(async (session) => {
      session.assign(await session.findOneOrFail(Book, 1), { tags: [2, 3] })
    })
    expect(await links(world)).toEqual([{ tag_id: 2 }, { tag_id: 3 }])
    await world.scope((session) => session.nativeDelete(Book, { id: 1 }))
    await world.scope(async (session) => {
      const tag = await session.findOneOrFail(Tag, 3)
      tag.books.removeAll()
    })
    expect(await links(world)).toEqual([{ tag_id: 2 }, { tag_id: 3 }])
  },
})
