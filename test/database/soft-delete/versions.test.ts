import { isTrashed } from 'limber/database'
import { expect } from 'vitest'
import { describePath } from './describe-path.ts'
import { countTrashed, publish } from './house.ts'
import { Book, Chapter, Note } from './models.ts'

await describePath('versions', {
  async 'a stale one is refused, and nothing is trashed'(world) {
    await publish(world)
    await using session = world.app.make('db').openSession()
    const chapter = await session.findOneOrFail(Chapter, 1)
    const note = await session.findOneOrFail(Note, 5)
    await world.sql('update chapter set version = version + 1 where id = 1')
    session.remove(chapter).remove(note)
    await expect(session.flush()).rejects.toMatchObject({ code: 'LIMBER_STALE_MODEL' })
    expect(await countTrashed(world, 'chapter', 'note')).toEqual([0, 0])
    expect([chapter, note].map(isTrashed)).toEqual([false, false])
  },

  async 'one that is up to date counts up, in the row and in memory'(world) {
    await publish(world)
    await world.scope(async (session) => {
      const chapter = await session.findOneOrFail(Chapter, 1)
      session.remove(chapter)
      await session.flush()
      expect(chapter.version).toBe(2)
      await session.restore(chapter)
      expect(chapter.version).toBe(3)
    })
    expect(await world.sql('select version from chapter where id = 1')).toEqual([{ version: 3 }])
  },

  async 'that of a row which follows counts up as well, in the row and in memory'(world) {
    await publish(world)
    await world.scope(async (session) => {
      const chapter = await session.findOneOrFail(Chapter, 1)
      session.remove(await session.findOneOrFail(Book, 1))
      await session.flush()
      expect(chapter.version).toBe(2)
      await session.restore(Book, { id: 1 })
      expect(chapter.version).toBe(3)
      chapter.title = 'Revised'
    })
    expect(await world.sql('select title, version from chapter where id = 1')).toEqual([
      { title: 'Revised', version: 4 },
    ])
  },

  async 'a row that somebody else has trashed meanwhile is no conflict'(world) {
    await publish(world)
    await using session = world.app.make('db').openSession()
    const chapter = await session.findOneOrFail(Chapter, 1)
    await world.scope((other) => other.nativeDelete(Chapter, 1))
    session.remove(chapter)
    await session.flush()
    expect(isTrashed(chapter)).toBe(true)
    expect(await world.sql('select version from chapter where id = 1')).toEqual([{ version: 2 }])
  },

  async 'the same of a rollback: they are as they were'(world) {
    await publish(world)
    const chapters: Chapter[] = []
    const lost = world.scope(async (session) => {
      chapters.push(...(await session.find(Chapter, { book: 1 })))
      session.remove(await session.findOneOrFail(Book, 1))
      await session.flush()
      throw new Error('lost')
    })
    await expect(lost).rejects.toThrow('lost')
    expect(chapters.map(({ version }) => version)).toEqual([1, 1])
  },

  async 'updatedAt tells when the content was changed, not when it was trashed'(world) {
    await publish(world)
    const before = await world.sql('select updated_at from note order by id')
    await world.scope((session) => session.nativeDelete(Book, {}))
    await world.scope((session) => session.restore(Book, {}))
    await world.scope(async (session) => void session.remove(await session.findOneOrFail(Note, 1)))
    expect(await world.sql('select updated_at from note order by id')).toEqual(before)
  },
})
