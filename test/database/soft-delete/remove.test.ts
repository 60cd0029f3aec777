import { expect } from 'vitest'
import { describePath } from './describe-path.ts'
import { Author, Book, Chapter, Folder, Note } from './models.ts'
import type { World } from './world.ts'

/** Two authors; the first has two books of two chapters, with a note each. */
export async function publish({ scope }: World): Promise<void> {
  await scope((session) => {
    for (const name of ['Mary', 'Jane']) {
      const author = session.create(Author, { name })
      for (const title of ['First', 'Second']) {
        const book = session.create(Book, { title: `${name} ${title}`, author })
        for (const part of ['I', 'II']) {
          const chapter = session.create(Chapter, { title: part, book })
          session.create(Note, { text: `${title} ${part}`, chapter })
        }
      }
    }
  })
}

const stamps = (world: World, table: string) =>
  world.sql(`select count(distinct deleted_at) as n from ${table} where deleted_at is not null`)

await describePath('session.remove()', {
  async 'keeps the row, and stamps it with the time'({ scope, sql }) {
    await scope((session) => {
      session.create(Book, { title: 'Frankenstein', author: session.create(Author, { name: 'Mary' }) })
    })
    await scope(async (session) => void session.remove(await session.findOneOrFail(Book, 1)))
    const [row] = await sql('select deleted_at from book')
    expect(row?.deleted_at).toBeTruthy()
  },

  async 'trashes the children that were not loaded, by either kind of cascade'(world) {
    await publish(world)
    await world.scope(async (session) => void session.remove(await session.findOneOrFail(Author, 1)))
    expect(await world.trashed('author')).toEqual([1])
    expect(await world.trashed('book')).toEqual([1, 2])
    expect(await world.trashed('chapter')).toEqual([1, 2, 3, 4])
    expect(await world.trashed('note')).toEqual([1, 2, 3, 4])
    expect(await world.live('note')).toEqual([5, 6, 7, 8])
  },

  async 'trashes a tree from any of its folders'(world) {
    await world.scope((session) => {
      const root = session.create(Folder, { name: 'root' })
      const a = session.create(Folder, { name: 'a', parent: root })
      session.create(Folder, { name: 'b', parent: root })
      session.create(Folder, { name: 'leaf', parent: session.create(Folder, { name: 'aa', parent: a }) })
    })
    await world.scope(
      async (session) => void session.remove(await session.findOneOrFail(Folder, { name: 'a' })),
    )
    expect(await world.trashed('folder', 'name')).toEqual(['a', 'aa', 'leaf'])
    expect(await world.live('folder', 'name')).toEqual(['b', 'root'])
  },
})

await describePath('session.nativeDelete()', {
  async 'is one operation with what follows'(world) {
    await publish(world)
    expect(await world.scope((session) => session.nativeDelete(Author, { id: { $gt: 0 } }))).toBe(2)
    expect(await world.live('note')).toEqual([])
    for (const table of ['author', 'book', 'chapter', 'note'])
      expect(await stamps(world, table)).toMatchObject([{ n: expect.anything() }])
  },
})
