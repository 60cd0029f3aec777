import { isTrashed, type Session } from 'limber/database'
import { expect, vi } from 'vitest'
import { describePath } from './describe-path.ts'
import { countTrashed, plant, publish } from './house.ts'
import {
  Author,
  Book,
  Chapter,
  Edition,
  Folder,
  Issue,
  Note,
  Printing,
  Prize,
  Series,
  Tag,
  Translator,
} from './models.ts'
import type { World } from './world.ts'

const everything = ['author', 'book', 'chapter', 'note'] as const

const remove = (
  world: World,
  model: typeof Author | typeof Book | typeof Chapter | typeof Note,
  id: number,
) =>
  world.scope(
    async (session) =>
      void session.remove(await session.findOneOrFail<Author | Book | Chapter | Note>(model, id)),
  )

/** How many statements a session runs meanwhile. */
async function counted(session: Session, work: () => Promise<void>): Promise<number> {
  const run = vi.spyOn(session.getConnection('write'), 'executeQuery')
  try {
    await work()
    return run.mock.calls.length
  } finally {
    run.mockRestore()
  }
}

await describePath('session.restore()', {
  async 'brings back the row and what the same operation had trashed with it'(world) {
    await publish(world)
    await remove(world, Author, 1)
    await world.scope(async (session) => {
      const author = await session.findOneOrFail(Author, 1, { withTrashed: true })
      expect(await session.restore(author)).toBe(true)
      expect(isTrashed(author)).toBe(false)
    })
    expect(await countTrashed(world, ...everything)).toEqual([0, 0, 0, 0])
  },

  async 'leaves in the trash what an earlier operation had put there'(world) {
    await publish(world)
    await remove(world, Chapter, 1)
    await remove(world, Book, 2)
    await remove(world, Author, 1)
    await world.scope((session) => session.restore(Author, { id: 1 }))
    expect(await world.trashed('book')).toEqual([2])
    expect(await world.trashed('chapter')).toEqual([1, 3, 4])
    expect(await world.trashed('note')).toEqual([1, 3, 4])
  },

  async 'leaves what the same flush had trashed beside it'(world) {
    await publish(world)
    await world.scope(async (session) => {
      for (const author of await session.find(Author, {})) session.remove(author)
    })
    await world.scope((session) => session.restore(Author, { id: 2 }))
    expect(await world.trashed('author')).toEqual([1])
    expect(await world.trashed('note')).toEqual([1, 2, 3, 4])
  },

  async 'by condition counts the rows of the model'(world) {
    await publish(world)
    await remove(world, Book, 1)
    await remove(world, Book, 2)
    await remove(world, Book, 3)
    await world.scope(async (session) => {
      expect(await session.restore(Book, { author: 1 })).toBe(2)
      expect(await session.restore(Book, { author: 1 })).toBe(0)
      expect(await session.restore(Book, {})).toBe(1)
    })
    expect(await countTrashed(world, ...everything)).toEqual([0, 0, 0, 0])
  },

  async 'of many operations takes few statements, and brings back with each what it had trashed'(world) {
    await world.scope((session) => {
      for (let i = 0; i < 250; i += 1) {
        const author = session.create(Author, { name: `author ${i}` })
        session.create(Prize, { name: `prize ${i}`, author })
        for (const title of ['first', 'second']) session.create(Book, { title, author })
      }
    })
    await world.scope(async (session) => {
      await session.nativeDelete(Book, { title: 'first', author: { $gt: 100 } })
      for (let id = 1; id <= 250; id += 1) await session.nativeDelete(Author, { id })
      for (let id = 1; id <= 250; id += 1) await session.nativeDelete(Prize, { id })
    })
    await world.scope(async (session) => {
      const prizes = await session.find(Prize, {}, { withTrashed: true })
      const statements = await counted(session, async () => {
        expect(await session.restore(Prize, {})).toBe(250)
      })
      expect(statements).toBeGreaterThan(1)
      expect(statements).toBeLessThan(10)
      expect(prizes.some(isTrashed)).toBe(false)
      const more = await counted(session, async () => {
        expect(await session.restore(Author, {})).toBe(250)
      })
      expect(more).toBeLessThan(25)
    })
    expect(await countTrashed(world, 'author', 'book', 'prize')).toEqual([0, 150, 0])
    expect(await world.sql("select id from book where title = 'second' and deleted_at is not null")).toEqual(
      [],
    )
  },

  async 'of two operations gives neither what the other had trashed'(world) {
    await publish(world)
    await remove(world, Chapter, 1)
    await remove(world, Book, 1)
    await remove(world, Book, 3)
    // As if the chapter of the first book had gone with the third.
    await world.sql('update chapter set deleted_at = (select deleted_at from book where id = 3) where id = 2')
    await world.scope((session) => session.restore(Book, {}))
    expect(await world.trashed('chapter')).toEqual([1, 2])
    expect(await world.trashed('book')).toEqual([])
  },

  async 'takes conditions as a delete does, also those that say nothing'(world) {
    await publish(world)
    await world.scope(async (session) => {
      for (const [where, count] of [
        [[], 0],
        [{ id: null }, 0],
        [[1, 2], 2],
        [null, 4],
        [{}, 4],
      ] as const) {
        expect(await session.nativeDelete(Book, where as never)).toBe(count)
        expect(await session.restore(Book, where as never)).toBe(count)
      }
    })
    expect(await world.trashed('book')).toEqual([])
  },

  async 'of a live row does nothing'(world) {
    await publish(world)
    await world.scope(async (session) => {
      expect(await session.restore(await session.findOneOrFail(Book, 1))).toBe(false)
      expect(await session.restore(Book, { id: 1 })).toBe(0)
    })
    expect(await countTrashed(world, ...everything)).toEqual([0, 0, 0, 0])
  },

  async 'of a child leaves its parent in the trash'(world) {
    await publish(world)
    await remove(world, Author, 1)
    await world.scope((session) => session.restore(Chapter, { id: 1 }))
    expect(await world.trashed('author')).toEqual([1])
    expect(await world.trashed('book')).toEqual([1, 2])
    expect(await world.trashed('chapter')).toEqual([2, 3, 4])
    expect(await world.trashed('note')).toEqual([2, 3, 4])
  },

  async 'of the parent afterwards brings back the rest'(world) {
    await publish(world)
    await remove(world, Author, 1)
    await world.scope((session) => session.restore(Chapter, { id: 1 }))
    await world.scope((session) => session.restore(Author, {}))
    expect(await countTrashed(world, ...everything)).toEqual([0, 0, 0, 0])
  },

  async 'brings back the tree below a folder, and not what is above'(world) {
    await plant(world)
    await world.scope((session) => session.nativeDelete(Folder, { name: 'root' }))
    await world.scope((session) => session.restore(Folder, { name: 'a' }))
    expect(await world.live('folder', 'name')).toEqual(['a', 'aa', 'leaf'])
  },

  async 'follows keys of two columns'(world) {
    await world.scope((session) => {
      const edition = session.create(Edition, { isbn: '1', number: 1, publisher: 'L' })
      session.create(Printing, { copies: 1, edition })
      session.create(Issue, { series: session.create(Series, { name: 'A' }), number: 1 })
    })
    await world.scope(async (session) => {
      await session.nativeDelete(Edition, {})
      await session.nativeDelete(Series, {})
    })
    expect(await countTrashed(world, 'printing')).toEqual([1])
    await world.scope(async (session) => {
      const edition = await session.findOneOrFail(Edition, { isbn: '1', number: 1 }, { withTrashed: true })
      expect(await session.restore(edition)).toBe(true)
      expect(await session.restore(Series, {})).toBe(1)
    })
    expect(await countTrashed(world, 'printing')).toEqual([0])
    expect(await world.trashed('issue', 'number')).toEqual([])
    expect(await world.trashed('edition', 'number')).toEqual([])
  },

  async 'brings back one model of a table, and what follows in it'(world) {
    await world.scope((session) => {
      const mentor = session.create(Translator, { name: 'Mentor' })
      session.create(Translator, { name: 'Pupil', mentor })
    })
    await world.scope((session) => session.nativeDelete(Translator, { name: 'Mentor' }))
    await world.scope((session) => session.restore(Translator, { name: 'Mentor' }))
    expect(await world.live('person', 'name')).toEqual(['Mentor', 'Pupil'])
  },

  async 'shows in entities in memory, which come back to loaded collections'(world) {
    await publish(world)
    await world.scope(async (session) => {
      const author = await session.findOneOrFail(Author, 1, { populate: ['books.chapters'] })
      const [first] = author.books
      const tag = session.create(Tag, { name: 'novel' })
      if (first) {
        await session.populate([first], ['tags'])
        first.tags.add(tag)
        await session.flush()
        session.remove(first)
        await session.flush()
        expect([author.books.length, tag.books.length]).toEqual([1, 0])
        await session.restore(first)
        expect([author.books.length, tag.books.length]).toEqual([2, 1])
        expect([author.books.isDirty(), tag.books.isDirty()]).toEqual([false, false])
        expect(first.chapters.getItems().map(isTrashed)).toEqual([false, false])
        expect(await session.findOne(Book, 1)).toBe(first)
      }
    })
    expect(await countTrashed(world, ...everything)).toEqual([0, 0, 0, 0])
    expect(await world.sql('select book_id from book_tags')).toHaveLength(1)
  },

  async 'keeps edits that are pending'(world) {
    await publish(world)
    await remove(world, Book, 1)
    await world.scope(async (session) => {
      const book = await session.findOneOrFail(Book, 1, { withTrashed: true })
      book.title = 'Revised'
      await session.restore(book)
    })
    expect(await world.sql('select title from book where id = 1 and deleted_at is null')).toEqual([
      { title: 'Revised' },
    ])
  },

  async 'outside of a scope is all or nothing'(world) {
    await publish(world)
    await remove(world, Author, 1)
    await world.sql('alter table note rename column deleted_at to gone_at')
    try {
      await using session = world.app.make('db').openSession()
      const author = await session.findOneOrFail(Author, 1, { withTrashed: true })
      await expect(session.restore(author)).rejects.toThrow(/deleted_at/)
      expect(isTrashed(author)).toBe(true)
    } finally {
      await world.sql('alter table note rename column gone_at to deleted_at')
    }
    expect(await countTrashed(world, ...everything)).toEqual([1, 2, 4, 4])
  },

  async 'is undone with the scope, in the rows and in memory'(world) {
    await publish(world)
    await remove(world, Author, 1)
    const books: Book[] = []
    const lost = world.scope(async (session) => {
      books.push(...(await session.find(Book, {}, { onlyTrashed: true })))
      await session.restore(Author, { id: 1 })
      expect(books.map(isTrashed)).toEqual([false, false])
      throw new Error('lost')
    })
    await expect(lost).rejects.toThrow('lost')
    expect(books.map(isTrashed)).toEqual([true, true])
    expect(await countTrashed(world, ...everything)).toEqual([1, 2, 4, 4])
  },

  async 'is undone with the savepoint, and the scope goes on'(world) {
    await publish(world)
    await remove(world, Author, 1)
    await world.scope(async (session) => {
      const author = await session.findOneOrFail(Author, 1, { withTrashed: true })
      const lost = session.transactional(async (inner) => {
        await inner.restore(author)
        throw new Error('lost')
      })
      await expect(lost).rejects.toThrow('lost')
      expect(isTrashed(author)).toBe(true)
      expect(await session.restore(author)).toBe(true)
    })
    expect(await countTrashed(world, ...everything)).toEqual([0, 0, 0, 0])
  },
})
