import { expect } from 'vitest'
import { describePath } from './describe-path.ts'
import { countTrashed, plant, publish } from './house.ts'
import { Author, Book, Chapter, Country, Edition, Folder, Note, Printing, Prize } from './models.ts'
import type { World } from './world.ts'

const LATER = new Date('2100-01-01')
const EARLIER = new Date('2000-01-01')

const count = async ({ sql }: World, table: string) =>
  Number((await sql(`select count(*) as n from ${table}`))[0]?.n)

await describePath('session.prune()', {
  async 'deletes what was trashed before, and nothing that was not'(world) {
    await publish(world)
    await world.scope((session) => session.nativeDelete(Note, { id: { $lte: 3 } }))
    expect(await world.scope((session) => session.prune(Note, EARLIER))).toBe(0)
    expect(await count(world, 'note')).toBe(8)
    expect(await world.scope((session) => session.prune(Note, LATER))).toBe(3)
    expect(await world.live('note')).toEqual([4, 5, 6, 7, 8])
    expect(await count(world, 'note')).toBe(5)
  },

  async 'of an empty trash deletes nothing'(world) {
    await publish(world)
    expect(await world.scope((session) => session.prune(Author, LATER))).toBe(0)
  },

  async 'deletes children before the rows they refer to, and counts the rows of the model'(world) {
    await publish(world)
    await world.scope((session) => session.nativeDelete(Author, 1))
    expect(await world.scope((session) => session.prune(Author, LATER))).toBe(1)
    expect(
      await Promise.all(['author', 'book', 'chapter', 'note'].map((table) => count(world, table))),
    ).toEqual([1, 2, 4, 4])
  },

  async 'leaves a row to which a live row refers'(world) {
    await publish(world)
    await world.scope((session) => session.nativeDelete(Author, 1))
    await world.scope((session) => session.restore(Book, { id: 1 }))
    expect(await world.scope((session) => session.prune(Author, LATER))).toBe(0)
    expect(await world.trashed('author')).toEqual([1])
    expect(await world.live('book')).toEqual([1, 3, 4])
    expect(await world.trashed('book')).toEqual([])
  },

  async 'never deletes a live row with its parent'(world) {
    await publish(world)
    await world.scope((session) => session.nativeDelete(Book, 1))
    await world.scope((session) => session.restore(Note, { id: 1 }))
    expect(await world.scope((session) => session.prune(Book, LATER))).toBe(0)
    expect(await world.live('note')).toContain(1)
    expect(await world.trashed('chapter')).toEqual([1])
    expect(await world.trashed('book')).toEqual([1])
  },

  async 'leaves a row to which a newer one in the trash refers'(world) {
    await publish(world)
    await world.scope((session) => session.nativeDelete(Author, 1))
    await world.sql(
      "update author set deleted_at = deleted_at - interval '1' day".replace(
        "- interval '1' day",
        world.dialect === 'sqlite' ? '- 86400000' : "- interval '1' day",
      ),
    )
    expect(await world.scope((session) => session.prune(Author, new Date(Date.now() - 3_600_000)))).toBe(0)
    expect(await countTrashed(world, 'author', 'book')).toEqual([1, 2])
  },

  async 'lets a foreign key become null that says so'(world) {
    await world.scope((session) => {
      session.create(Prize, { name: 'Hugo', author: session.create(Author, { name: 'Mary' }) })
    })
    await world.scope((session) => session.nativeDelete(Author, {}))
    expect(await world.scope((session) => session.prune(Author, LATER))).toBe(1)
    expect(await world.sql('select author_id from prize')).toEqual([{ author_id: null }])
  },

  async 'deletes a tree, whatever the size of the batches'(world) {
    for (const batch of [1, 2, 100]) {
      await world.clear()
      await plant(world)
      await world.scope((session) => session.nativeDelete(Folder, { name: 'a' }))
      expect(await world.scope((session) => session.prune(Folder, LATER, { batch }))).toBe(3)
      expect(await world.live('folder', 'name')).toEqual(['b', 'root'])
      expect(await count(world, 'folder')).toBe(2)
    }
  },

  async 'works in batches by keys of two columns'(world) {
    await world.scope((session) => {
      for (const isbn of ['1', '2']) {
        for (const number of [1, 2, 3]) {
          const edition = session.create(Edition, { isbn, number, publisher: 'L' })
          session.create(Printing, { copies: 1, edition })
        }
      }
    })
    await world.scope((session) => session.nativeDelete(Edition, { number: { $gte: 2 } }))
    const batches: number[] = []
    const onBatch = (size: number) => void batches.push(size)
    await using session = world.app.make('db').openSession()
    expect(await session.prune(Edition, LATER, { batch: 3, onBatch })).toBe(4)
    expect(batches).toEqual([3, 1])
    expect(await world.sql('select number from edition')).toHaveLength(2)
    expect(await count(world, 'printing')).toBe(2)
  },

  async 'goes on behind a batch of rows that stay'(world) {
    await publish(world)
    await world.scope((session) => session.nativeDelete(Book, {}))
    await world.scope((session) => session.restore(Chapter, { book: 1 }))
    await world.scope((session) => session.restore(Chapter, { book: 2 }))
    await using session = world.app.make('db').openSession()
    expect(await session.prune(Book, LATER, { batch: 1 })).toBe(2)
    expect(await world.trashed('book')).toEqual([1, 2])
  },

  async 'keeps the batches that were done when a later one fails'(world) {
    await publish(world)
    await world.scope((session) => session.nativeDelete(Note, {}))
    await using session = world.app.make('db').openSession()
    const onBatch = () => {
      throw new Error('enough')
    }
    await expect(session.prune(Note, LATER, { batch: 3, onBatch })).rejects.toThrow('enough')
    expect(await count(world, 'note')).toBe(5)
    expect(await session.prune(Note, LATER, { batch: 3 })).toBe(5)
  },

  async 'by several at once deletes each row once'(world) {
    await publish(world)
    await world.scope((session) => session.nativeDelete(Author, {}))
    const one = async () => {
      await using session = world.app.make('db').openSession()
      return await session.prune(Note, LATER, { batch: 2 })
    }
    const counts = await Promise.all([one(), one()])
    expect(counts.reduce((sum, each) => sum + each)).toBe(8)
    expect(await count(world, 'note')).toBe(0)
  },

  async 'in a scope is undone with it'(world) {
    await publish(world)
    await world.scope((session) => session.nativeDelete(Note, {}))
    const lost = world.scope(async (session) => {
      expect(await session.prune(Note, LATER)).toBe(8)
      throw new Error('lost')
    })
    await expect(lost).rejects.toThrow('lost')
    expect(await count(world, 'note')).toBe(8)
  },

  async 'only counts when it is asked to'(world) {
    await publish(world)
    await world.scope((session) => session.nativeDelete(Note, { id: { $lte: 2 } }))
    expect(await world.scope((session) => session.prune(Note, LATER, { dryRun: true }))).toBe(2)
    expect(await world.scope((session) => session.prune(Note, EARLIER, { dryRun: true }))).toBe(0)
    expect(await count(world, 'note')).toBe(8)
  },

  async 'refuses what is no date'(world) {
    await publish(world)
    await world.scope((session) => session.nativeDelete(Note, {}))
    for (const odd of [
      new Date('soon'),
      new Date(8.64e15),
      new Date(-8.64e15),
      '2100-01-01',
      null,
      undefined,
    ]) {
      for (const dryRun of [true, false]) {
        const prune = world.scope((session) => session.prune(Note, odd as Date, { dryRun }))
        await expect(prune).rejects.toMatchObject({ code: 'LIMBER_PRUNE_DATE' })
      }
    }
    expect(await count(world, 'note')).toBe(8)
  },

  async 'has nothing to do with hard models, and refuses a batch of no rows'(world) {
    await world.scope((session) => void session.create(Country, { name: 'England' }))
    await world.scope(async (session) => {
      expect(await session.prune(Country, LATER)).toBe(0)
      await expect(session.prune(Note, LATER, { batch: 0 })).rejects.toMatchObject({
        code: 'LIMBER_BATCH_SIZE',
      })
    })
    expect(await count(world, 'country')).toBe(1)
  },
})
