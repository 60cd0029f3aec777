import { isTrashed } from 'limber/database'
import { expect } from 'vitest'
import { describePath } from './describe-path.ts'
import { countTrashed, plant, publish, stampsIn } from './house.ts'
import {
  Author,
  Book,
  Edition,
  Folder,
  Issue,
  Note,
  Person,
  Printing,
  Prize,
  Series,
  Tag,
  Translator,
} from './models.ts'

await describePath('session.remove()', {
  async 'keeps the row, and stamps it with the time'(world) {
    await publish(world)
    await world.scope(async (session) => void session.remove(await session.findOneOrFail(Book, 1)))
    expect(await world.trashed('book')).toEqual([1])
    expect(await world.live('book')).toEqual([2, 3, 4])
  },

  async 'of nothing writes nothing'(world) {
    await publish(world)
    await world.scope(
      async (session) =>
        void (await session.find(Book, { title: 'none' })).map((book) => session.remove(book)),
    )
    expect(await world.trashed('book')).toEqual([])
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

  async 'trashes the same children when they were loaded'(world) {
    await publish(world)
    await world.scope(async (session) => {
      const populate = ['books.chapters.notes'] as const
      session.remove(await session.findOneOrFail(Author, 1, { populate: [...populate] }))
    })
    expect(await countTrashed(world, 'author', 'book', 'chapter', 'note')).toEqual([1, 2, 4, 4])
    expect(await stampsIn(world, 'author', 'book', 'chapter', 'note')).toHaveLength(1)
  },

  async 'trashes a row of which only the key is known'(world) {
    await publish(world)
    await world.scope((session) => void session.remove(session.getReference(Author, 1)))
    expect(await countTrashed(world, 'author', 'book', 'chapter', 'note')).toEqual([1, 2, 4, 4])
  },

  async 'writes one stamp for everything in a flush'(world) {
    await publish(world)
    await world.scope(async (session) => {
      for (const author of await session.find(Author, {})) session.remove(author)
    })
    expect(await stampsIn(world, 'author', 'book', 'chapter', 'note')).toHaveLength(1)
    expect(await countTrashed(world, 'author', 'book', 'chapter', 'note')).toEqual([2, 4, 8, 8])
  },

  async 'writes another stamp in the next flush'(world) {
    await publish(world)
    await world.scope(async (session) => {
      for (const author of await session.find(Author, {}, { orderBy: { id: 'asc' } })) {
        session.remove(author)
        await session.flush()
      }
    })
    expect(await stampsIn(world, 'author', 'book', 'chapter', 'note')).toHaveLength(2)
  },

  async 'a second time changes nothing'(world) {
    await publish(world)
    await world.scope(async (session) => {
      const book = await session.findOneOrFail(Book, 1)
      session.remove(book)
      await session.flush()
      const before = Reflect.get(book, 'deletedAt')
      session.remove(book)
      await session.flush()
      session.remove(book).remove(book)
      expect(Reflect.get(book, 'deletedAt')).toBe(before)
    })
    const before = await stampsIn(world, 'book')
    await world.scope((session) => void session.remove(session.getReference(Book, 1)))
    expect(await stampsIn(world, 'book')).toEqual(before)
    expect(await world.trashed('book')).toEqual([1])
  },

  async 'trashes a tree from any of its folders'(world) {
    await plant(world)
    await world.scope(
      async (session) => void session.remove(await session.findOneOrFail(Folder, { name: 'a' })),
    )
    expect(await world.trashed('folder', 'name')).toEqual(['a', 'aa', 'leaf'])
    expect(await world.live('folder', 'name')).toEqual(['b', 'root'])
  },

  async 'ends where folders hold each other'(world) {
    await plant(world)
    await world.sql("update folder set parent_id = 5 where name = 'root'")
    await world.scope(
      async (session) => void session.remove(await session.findOneOrFail(Folder, { name: 'a' })),
    )
    expect(await world.live('folder', 'name')).toEqual([])
  },

  async 'follows a foreign key of two columns, to a stamp in a column of another name'(world) {
    await world.scope((session) => {
      for (const number of [1, 2]) {
        const edition = session.create(Edition, { isbn: '1', number, publisher: 'Lackington' })
        session.create(Printing, { copies: 500, edition })
      }
    })
    await world.scope(async (session) => {
      session.remove(await session.findOneOrFail(Edition, { isbn: '1', number: 2 }))
    })
    expect(await world.trashed('edition', 'number')).toEqual([2])
    expect(await world.trashed('printing')).toEqual([2])
  },

  async 'follows a foreign key that is a part of the key'(world) {
    await world.scope((session) => {
      for (const name of ['A', 'B']) {
        const series = session.create(Series, { name })
        for (const number of [1, 2]) session.create(Issue, { series, number })
      }
    })
    await world.scope(
      async (session) => void session.remove(await session.findOneOrFail(Series, { name: 'A' })),
    )
    expect(await world.trashed('issue', 'series_id')).toEqual([1, 1])
    expect(await world.live('issue', 'series_id')).toEqual([2, 2])
  },

  async 'follows inside a table of two models'(world) {
    await world.scope((session) => {
      const mentor = session.create(Person, { name: 'Mentor' })
      const pupil = session.create(Translator, { name: 'Pupil', mentor })
      session.create(Translator, { name: 'Grandpupil', mentor: pupil })
      session.create(Translator, { name: 'Free' })
    })
    await world.scope(
      async (session) => void session.remove(await session.findOneOrFail(Person, { name: 'Mentor' })),
    )
    expect(await world.trashed('person', 'name')).toEqual(['Grandpupil', 'Mentor', 'Pupil'])
    expect(await world.live('person', 'name')).toEqual(['Free'])
  },

  async 'trashes rows of two models of one table in one flush'(world) {
    await world.scope((session) => {
      session.create(Person, { name: 'P' })
      session.create(Translator, { name: 'T' })
    })
    await world.scope(async (session) => {
      for (const person of await session.find(Person, {})) session.remove(person)
    })
    expect(await world.trashed('person', 'name')).toEqual(['P', 'T'])
  },

  async 'shows in entities that follow, and takes them out of loaded collections'(world) {
    await publish(world)
    await world.scope(async (session) => {
      const tag = session.create(Tag, { name: 'novel' })
      tag.books.add(await session.findOneOrFail(Book, 1), await session.findOneOrFail(Book, 3))
      await session.flush()
      const [note] = await session.find(Note, {}, { orderBy: { id: 'asc' }, limit: 1 })
      session.remove(await session.findOneOrFail(Author, 1))
      await session.flush()
      expect(note && isTrashed(note)).toBe(true)
      expect(tag.books.getItems().map((book) => book.id)).toEqual([3])
      expect(tag.books.isDirty()).toBe(false)
    })
    expect(await world.sql('select book_id as id from book_tags order by book_id')).toEqual([
      { id: 1 },
      { id: 3 },
    ])
  },

  async 'inside of db.transaction, and of the savepoint that is kept'(world) {
    await publish(world)
    await world.scope(async (session) => {
      await session.transactional(async (inner) => void inner.remove(await inner.findOneOrFail(Author, 1)))
      const lost = session.transactional(async (inner) => {
        inner.remove(await inner.findOneOrFail(Author, 2))
        await inner.flush()
        throw new Error('lost')
      })
      await expect(lost).rejects.toThrow('lost')
    })
    expect(await countTrashed(world, 'author', 'book', 'chapter', 'note')).toEqual([1, 2, 4, 4])
    expect(await world.trashed('author')).toEqual([1])
  },

  async 'outside of a scope is one transaction'(world) {
    await publish(world)
    await using session = world.app.make('db').openSession()
    session.remove(await session.findOneOrFail(Author, 1))
    await session.flush()
    expect(await countTrashed(world, 'author', 'book', 'chapter', 'note')).toEqual([1, 2, 4, 4])
  },

  async 'writes nothing in a scope that does not commit by itself and is not flushed'(world) {
    await publish(world)
    await world.app
      .scope(
        async () => {
          const session = world.app.make('db.session')
          session.remove(await session.findOneOrFail(Author, 1))
        },
        { autoCommit: false },
      )
      .catch((error: unknown) => expect(error).toMatchObject({ code: 'LIMBER_UNFLUSHED_CHANGES' }))
    expect(await countTrashed(world, 'author', 'book')).toEqual([0, 0])
  },

  async 'of what another process has trashed meanwhile keeps its stamp, in the row and in memory'(world) {
    await publish(world)
    await using session = world.app.make('db').openSession()
    const book = await session.findOneOrFail(Book, 1)
    await world.app.make('db').openSession().nativeDelete(Book, { id: 1 })
    const before = await stampsIn(world, 'book')
    session.remove(book)
    await session.flush()
    expect(await stampsIn(world, 'book')).toEqual(before)
    expect(isTrashed(book)).toBe(true)
    await session.restore(book)
    expect(await world.trashed('book')).toEqual([])
  },

  async 'is the same by the unit of work that the session hands out'(world) {
    await world.scope((session) => {
      const author = session.create(Author, { name: 'Mary' })
      for (const name of ['first', 'second']) session.create(Prize, { name, author })
    })
    await world.scope(async (session) => {
      const author = await session.findOneOrFail(Author, 1, { populate: ['prizes'] })
      session.getUnitOfWork().remove(author)
    })
    expect(await world.trashed('author')).toEqual([1])
    expect(await world.sql('select author_id from prize')).toEqual([{ author_id: 1 }, { author_id: 1 }])
    await world.scope(async (session) => {
      const work = session.getUnitOfWork()
      for (const id of [1, 2]) {
        work.remove(await session.findOneOrFail(Prize, id))
        await work.commit()
      }
    })
    expect(await world.trashed('prize')).toEqual([1, 2])
    expect(new Set(await world.trashed('prize', 'deleted_at')).size).toBe(2)
  },
})
