import { isTrashed, withTrashed } from 'limber/database'
import { expect } from 'vitest'
import { describePath } from './describe-path.ts'
import { countTrashed, plant, publish, stampsIn } from './house.ts'
import {
  Author,
  Book,
  Chapter,
  Country,
  Edition,
  Folder,
  Note,
  Person,
  Printing,
  Translator,
} from './models.ts'

await describePath('session.nativeDelete()', {
  async 'trashes the rows that match, and gives their number'(world) {
    await publish(world)
    expect(await world.scope((session) => session.nativeDelete(Chapter, { title: 'I' }))).toBe(4)
    expect(await world.trashed('chapter', 'title')).toEqual(['I', 'I', 'I', 'I'])
  },

  async 'of nothing writes nothing'(world) {
    await publish(world)
    expect(await world.scope((session) => session.nativeDelete(Author, { name: 'Nobody' }))).toBe(0)
    expect(await countTrashed(world, 'author', 'book')).toEqual([0, 0])
  },

  async 'takes a key'(world) {
    await publish(world)
    expect(await world.scope((session) => session.nativeDelete(Author, 2))).toBe(1)
    expect(await world.trashed('book')).toEqual([3, 4])
  },

  async 'takes a key of two columns'(world) {
    await world.scope((session) => {
      for (const number of [1, 2]) {
        const edition = session.create(Edition, { isbn: '1', number, publisher: 'L' })
        session.create(Printing, { copies: 1, edition })
      }
    })
    expect(await world.scope((session) => session.nativeDelete(Edition, { isbn: '1', number: 1 }))).toBe(1)
    expect(await world.trashed('edition', 'number')).toEqual([1])
    expect(await world.trashed('printing')).toEqual([1])
  },

  async 'is one operation with what follows, counted without it'(world) {
    await publish(world)
    expect(await world.scope((session) => session.nativeDelete(Author, {}))).toBe(2)
    expect(await countTrashed(world, 'author', 'book', 'chapter', 'note')).toEqual([2, 4, 8, 8])
    expect(await stampsIn(world, 'author', 'book', 'chapter', 'note')).toHaveLength(1)
  },

  async 'takes a condition on a relation'(world) {
    await publish(world)
    expect(
      await world.scope((session) => session.nativeDelete(Chapter, { book: { title: 'Mary First' } })),
    ).toBe(2)
    expect(await countTrashed(world, 'chapter', 'note')).toEqual([2, 2])
  },

  async 'keeps the first stamp, whatever it is told to see'(world) {
    await publish(world)
    await world.scope((session) => session.nativeDelete(Book, 1))
    const before = await stampsIn(world, 'book')
    await world.scope(async (session) => {
      expect(await session.nativeDelete(Book, 1)).toBe(0)
      expect(await session.nativeDelete(Book, { id: 1 }, { filters: false })).toBe(0)
      expect(await withTrashed(() => session.nativeDelete(Book, { id: 1 }))).toBe(0)
    })
    expect(await stampsIn(world, 'book')).toEqual(before)
  },

  async 'trashes a whole tree'(world) {
    await plant(world)
    expect(await world.scope((session) => session.nativeDelete(Folder, { name: 'root' }))).toBe(1)
    expect(await world.live('folder')).toEqual([])
  },

  async 'of one model of a table leaves the others'(world) {
    await world.scope((session) => {
      session.create(Person, { name: 'P' })
      session.create(Translator, { name: 'T' })
    })
    expect(await world.scope((session) => session.nativeDelete(Translator, {}))).toBe(1)
    expect(await world.live('person', 'name')).toEqual(['P'])
  },

  async 'shows in entities that are in memory, and drops their edits'(world) {
    await publish(world)
    await world.scope(async (session) => {
      const author = await session.findOneOrFail(Author, 1, { populate: ['books.chapters'] })
      const [book] = author.books
      if (book) book.title = 'Changed'
      await session.nativeDelete(Book, { id: 1 })
      expect(book && [isTrashed(book), book.title]).toEqual([true, 'Mary First'])
      expect(book?.chapters.getItems(false)).toEqual([])
      expect(author.books.getItems().map(({ id }) => id)).toEqual([2])
    })
    expect(await world.sql('select title from book where id = 1')).toEqual([{ title: 'Mary First' }])
  },

  async 'leaves what is pending for others pending'(world) {
    await publish(world)
    await world.scope(async (session) => {
      const book = await session.findOneOrFail(Book, 3)
      book.title = 'Changed'
      await session.nativeDelete(Book, { id: 1 })
      expect(book.title).toBe('Changed')
    })
    expect(await world.sql('select title from book where id = 3')).toEqual([{ title: 'Changed' }])
  },

  async 'outside of a scope is one transaction, and all or nothing'(world) {
    await publish(world)
    await using session = world.app.make('db').openSession()
    expect(await session.nativeDelete(Author, 1)).toBe(1)
    expect(await countTrashed(world, 'author', 'book', 'chapter', 'note')).toEqual([1, 2, 4, 4])
  },

  async 'that fails half-way leaves nothing behind, in the rows and in memory'(world) {
    await publish(world)
    await world.sql('alter table chapter rename column deleted_at to gone_at')
    try {
      await using session = world.app.make('db').openSession()
      const book = await session.findOneOrFail(Book, 1)
      await expect(session.nativeDelete(Author, 1)).rejects.toThrow(/deleted_at/)
      expect(isTrashed(book)).toBe(false)
      expect(await countTrashed(world, 'author', 'book')).toEqual([0, 0])
      const scope = world.scope(async (own) => {
        await own.nativeDelete(Author, 1).catch(() => undefined)
      })
      await expect(scope).rejects.toThrow(/deleted_at/)
    } finally {
      await world.sql('alter table chapter rename column gone_at to deleted_at')
    }
    expect(await countTrashed(world, 'author', 'book')).toEqual([0, 0])
  },

  async 'two at once in one scope'(world) {
    await publish(world)
    await world.scope((session) =>
      Promise.all([session.nativeDelete(Author, 1), session.nativeDelete(Book, 3)]),
    )
    expect(await world.trashed('book')).toEqual([1, 2, 3])
  },

  async 'really deletes rows of other models'(world) {
    await world.scope((session) => void session.create(Country, { name: 'Atlantis' }))
    expect(await world.scope((session) => session.nativeDelete(Country, {}))).toBe(1)
    expect(await world.sql('select id from country')).toEqual([])
  },

  async 'of more rows than a statement names spreads by their stamp'(world) {
    await world.scope(async (session) => {
      const book = session.create(Book, { title: 'Long', author: session.create(Author, { name: 'Mary' }) })
      await session.flush()
      const chapters = Array.from({ length: 5_001 }, (_, index) => ({
        title: String(index),
        book: book.id,
        version: 1,
      }))
      await session.insertMany(Chapter, chapters)
      const rows = await session.find(Chapter, {}, { fields: ['id'], disableIdentityMap: true })
      await session.insertMany(
        Note,
        rows.map(({ id }) => ({ text: 'n', chapter: id })),
      )
    })
    await world.scope((session) => session.nativeDelete(Author, {}))
    expect(await countTrashed(world, 'book', 'chapter', 'note')).toEqual([1, 5_001, 5_001])
    expect(await stampsIn(world, 'book', 'chapter', 'note')).toHaveLength(1)
    await world.scope((session) => session.restore(Author, {}))
    expect(await countTrashed(world, 'book', 'chapter', 'note')).toEqual([0, 0, 0])
  },
})
