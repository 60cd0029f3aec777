/** Upserts of many rows: each by what it has, all or none, in their order. */
import type { Session } from 'limber/database'
import { expect } from 'vitest'
import { describePath } from './describe-path.ts'
import { Author, Book, Tag } from './models.ts'
import type { World } from './world.ts'

/** A live tag, and one in the trash with the name "gone". */
async function withTags({ scope }: World): Promise<void> {
  await scope((session) => {
    session.create(Tag, { name: 'gone' })
    session.create(Tag, { name: 'here' })
  })
  await scope(async (session) => void session.remove(await session.findOneOrFail(Tag, { name: 'gone' })))
}

const addAuthor = (session: Session, name: string, email: string) => session.create(Author, { name, email })

await describePath('session.upsert()', {
  async 'of many rows gives their entities in the order of the rows'(world) {
    await withTags(world)
    const tags = await world.scope((session) =>
      session.upsertMany(Tag, [{ name: 'here' }, { name: 'gone' }, { name: 'new' }]),
    )
    expect(tags.map(({ name }) => name)).toEqual(['here', 'gone', 'new'])
    expect(tags[0]?.id).toBe(2)
    expect(await world.live('tag', 'name')).toEqual(['gone', 'here', 'new'])
    expect(await world.trashed('tag', 'name')).toEqual(['gone'])
  },

  async 'of many rows chooses what each may meet by the row itself, not by the first'(world) {
    await withTags(world)
    const tags = await world.scope((session) =>
      session.upsertMany(Tag, [{ id: 2, name: 'by key' }, { name: 'gone' }, { id: 90, name: 'new' }]),
    )
    expect(tags.map(({ name }) => name)).toEqual(['by key', 'gone', 'new'])
    expect(tags.map(({ id }) => id)).toEqual([2, expect.any(Number), 90])
    expect(await world.live('tag', 'name')).toEqual(['by key', 'gone', 'new'])
  },

  async 'of many rows with different columns writes of each what it has'(world) {
    await world.scope((session) => {
      addAuthor(session, 'A', 'a@x.y')
      addAuthor(session, 'B', 'b@x.y')
      session.create(Tag, { name: 'x' })
    })
    await world.scope((session) =>
      session.upsertMany(Book, [
        { title: 'One', author: 1, pages: 10 },
        { title: 'Two', author: 1, editor: 2 },
      ]),
    )
    await world.scope((session) =>
      session.upsertMany(Book, [
        { title: 'One', author: 1, editor: 2 },
        { title: 'Two', author: 1, pages: 20 },
      ]),
    )
    const rows = await world.sql('select title, editor_id as editor, pages from book order by id')
    expect(rows.map(({ title, editor }) => [title, editor])).toEqual([
      ['One', 2],
      ['Two', 2],
    ])
  },

  async 'of many rows, one of them with a key of the trash, writes none'(world) {
    await withTags(world)
    const upsert = world.scope((session) =>
      session.upsertMany(Tag, [{ name: 'new' }, { id: 1, name: 'back' }]),
    )
    await expect(upsert).rejects.toMatchObject({ code: 'LIMBER_TRASHED_KEY' })
    expect(await world.live('tag', 'name')).toEqual(['here'])
  },

  async 'of many entities does the same as of data'(world) {
    await withTags(world)
    await world.scope(async (session) => {
      const own = ['gone', 'here', 'new'].map((name) => session.create(Tag, { name }, { persist: false }))
      expect(await session.upsertMany(own)).toEqual(own)
      expect(own[1]?.id).toBe(2)
    })
    expect(await world.live('tag', 'name')).toEqual(['gone', 'here', 'new'])
    expect(await world.trashed('tag', 'name')).toEqual(['gone'])
  },

  async 'of the same new value by several at once writes one row'(world) {
    await withTags(world)
    const write = () => world.scope((session) => session.upsert(Tag, { name: 'gone' }))
    const ids = (await Promise.all([write(), write(), write()])).map(({ id }) => id)
    expect(new Set(ids).size).toBe(1)
    expect(await world.live('tag', 'name')).toEqual(['gone', 'here'])
  },

  async 'after a removal that is pending writes a new row, and the old one goes to the trash'(world) {
    await withTags(world)
    await world.scope(async (session) => {
      session.remove(await session.findOneOrFail(Tag, 2))
      const tag = await session.upsert(Tag, { name: 'here' })
      expect(tag.id).not.toBe(2)
    })
    expect(await world.live('tag', 'name')).toEqual(['here'])
    expect(await world.trashed('tag', 'name')).toEqual(['gone', 'here'])
  },

  async 'of a thousand rows by their primary keys looks for each of them in the trash'(world) {
    await withTags(world)
    const rows = Array.from({ length: 1_200 }, (_, i) => ({ id: i + 2, name: `t${i}` }))
    await world.scope((session) => session.upsertMany(Tag, rows))
    expect(await world.live('tag')).toHaveLength(1_200)
    const upsert = world.scope((session) => session.upsertMany(Tag, [...rows, { id: 1, name: 'back' }]))
    await expect(upsert).rejects.toMatchObject({ code: 'LIMBER_TRASHED_KEY' })
  },

  async 'of many rows outside of every scope writes all or none'(world) {
    await world.scope((session) => void addAuthor(session, 'A', 'a@x.y'))
    await using session = world.app.make('db').openSession()
    const rows = [
      { email: 'new@x.y', name: 'New' },
      { id: 50, name: 'Lost', country: 99 },
    ]
    await expect(session.upsertMany(Author, rows)).rejects.toMatchObject({
      code: 'LIMBER_CONSTRAINT_VIOLATION',
    })
    expect(await world.live('author', 'name')).toEqual(['A'])
    await session.upsertMany(Author, [rows[0] ?? {}, { id: 50, name: 'Free', email: 'f@x.y' }])
    expect(await world.live('author', 'name')).toEqual(['A', 'Free', 'New'])
  },

  async 'of no rows does nothing'(world) {
    expect(await world.scope((session) => session.upsertMany(Tag, []))).toEqual([])
  },

  async 'of more rows than a batch writes them all'(world) {
    await withTags(world)
    const names = Array.from({ length: 25 }, (_, i) => `t${String(i).padStart(2, '0')}`)
    const tags = await world.scope((session) =>
      session.upsertMany(
        Tag,
        ['gone', ...names].map((name) => ({ name })),
        { batchSize: 10 },
      ),
    )
    expect(tags.map(({ name }) => name)).toEqual(['gone', ...names])
    expect(await world.live('tag', 'name')).toEqual(['gone', 'here', ...names])
  },

  async 'of many rows with onConflictAction "ignore" tells each entity its own row'(world) {
    await withTags(world)
    const tags = await world.scope((session) =>
      session.upsertMany(Tag, [{ name: 'gone' }, { name: 'here' }, { name: 'new' }], {
        onConflictAction: 'ignore',
      }),
    )
    const rows = await world.sql('select id, name from tag where deleted_at is null order by id')
    expect(tags.map(({ id, name }) => ({ id, name })).sort((a, b) => a.id - b.id)).toEqual(
      rows.map(({ id, name }) => ({ id: Number(id), name })),
    )
  },

  async 'of many rows changes those that the session has loaded in memory, as the others in the database'(
    world,
  ) {
    await withTags(world)
    await world.scope(async (session) => {
      const loaded = await session.findOneOrFail(Tag, 2)
      const [same, other] = await session.upsertMany(Tag, [{ id: 2, name: 'changed' }, { name: 'gone' }])
      expect(same).toBe(loaded)
      expect(other?.name).toBe('gone')
    })
    expect(await world.live('tag', 'name')).toEqual(['changed', 'gone'])
  },
})
