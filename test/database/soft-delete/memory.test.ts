import { isTrashed, type Session } from 'limber/database'
import { expect } from 'vitest'
import { describePath } from './describe-path.ts'
import { countTrashed, publish } from './house.ts'
import { Author, Book, Chapter, Note } from './models.ts'
import type { World } from './world.ts'

const everything = ['author', 'book', 'chapter', 'note'] as const

/** Loads everything of the first author, works, and fails. */
async function lose(world: World, work: (session: Session, author: Author) => Promise<unknown>) {
  const loaded: object[] = []
  let author: Author | undefined
  const lost = world.scope(async (session) => {
    author = await session.findOneOrFail(Author, 1, { populate: ['books.chapters.notes'] })
    loaded.push(...session.getUnitOfWork().getIdentityMap().values())
    await work(session, author)
    throw new Error('lost')
  })
  await expect(lost).rejects.toThrow('lost')
  return { loaded, author: author as Author }
}

const isWhole = (author: Author) =>
  author.books.getItems().map((book) => book.chapters.getItems().map((chapter) => chapter.notes.length))

await describePath('memory after a rollback', {
  async 'of a flush: what was removed, and what followed, is live and in its collections'(world) {
    await publish(world)
    const { loaded, author } = await lose(world, async (session, own) => {
      session.remove(own)
      await session.flush()
      expect(isTrashed(own)).toBe(true)
    })
    expect(loaded.filter(isTrashed)).toEqual([])
    expect(isWhole(author)).toEqual([
      [1, 1],
      [1, 1],
    ])
    expect(await countTrashed(world, ...everything)).toEqual([0, 0, 0, 0])
  },

  async 'of a delete by condition is the same'(world) {
    await publish(world)
    const { loaded, author } = await lose(world, async (session, own) => {
      await session.nativeDelete(Author, own.id)
      expect(isTrashed(own)).toBe(true)
      expect(own.books.length).toBe(0)
    })
    expect(loaded.filter(isTrashed)).toEqual([])
    expect(isWhole(author)).toEqual([
      [1, 1],
      [1, 1],
    ])
    expect(await countTrashed(world, ...everything)).toEqual([0, 0, 0, 0])
  },

  async 'of a delete and a restore is what was before both'(world) {
    await publish(world)
    const { loaded, author } = await lose(world, async (session, own) => {
      await session.nativeDelete(Book, 1)
      await session.restore(Book, { id: 1 })
      session.remove(own)
      await session.flush()
    })
    expect(loaded.filter(isTrashed)).toEqual([])
    expect(isWhole(author)).toEqual([
      [1, 1],
      [1, 1],
    ])
  },

  async 'of a savepoint goes back to it, and no further'(world) {
    await publish(world)
    await world.scope(async (session) => {
      const author = await session.findOneOrFail(Author, 1, { populate: ['books.chapters.notes'] })
      await session.nativeDelete(Book, 1)
      const inner = session.transactional(async (em) => {
        await em.nativeDelete(Author, 1)
        throw new Error('lost')
      })
      await expect(inner).rejects.toThrow('lost')
      expect(isTrashed(author)).toBe(false)
      expect(author.books.getItems().map(({ id }) => id)).toEqual([2])
      expect(await session.find(Book, {}, { orderBy: { id: 'asc' } })).toHaveLength(3)
    })
    expect(await countTrashed(world, ...everything)).toEqual([0, 1, 2, 2])
  },

  async 'of a savepoint inside of one that is lost goes with it'(world) {
    await publish(world)
    const { loaded } = await lose(world, (session) =>
      session.transactional((outer) => outer.transactional((inner) => inner.nativeDelete(Author, 1))),
    )
    expect(loaded.filter(isTrashed)).toEqual([])
    expect(await countTrashed(world, ...everything)).toEqual([0, 0, 0, 0])
  },

  async 'lets the same entities be removed in another session'(world) {
    await publish(world)
    const { author } = await lose(world, async (session, own) => void session.remove(own))
    await world.scope(async (session) => {
      session.remove(await session.findOneOrFail(Author, author.id))
    })
    expect(await countTrashed(world, ...everything)).toEqual([1, 2, 4, 4])
  },

  async 'of a flush that fails outside of a scope is live, and can be flushed again'(world) {
    await publish(world)
    await using session = world.app.make('db').openSession()
    const author = await session.findOneOrFail(Author, 1, { populate: ['books.chapters'] })
    session.remove(author)
    const double = session.create(Author, { name: 'double', email: 'a@b.c' })
    const again = session.create(Author, { name: 'again', email: 'a@b.c' })
    await expect(session.flush()).rejects.toMatchObject({ code: 'LIMBER_UNIQUE_VIOLATION' })
    expect(isTrashed(author)).toBe(false)
    expect(await countTrashed(world, ...everything)).toEqual([0, 0, 0, 0])
    expect([double, again].map(({ id }) => id)).toEqual([undefined, undefined])
    await using second = world.app.make('db').openSession()
    second.remove(await second.findOneOrFail(Author, 1))
    await second.flush()
    expect(await countTrashed(world, ...everything)).toEqual([1, 2, 4, 4])
  },

  async 'of a cascade that fails half-way is live: nothing of it was committed'(world) {
    await publish(world)
    await world.sql('alter table note rename column deleted_at to gone_at')
    try {
      await using session = world.app.make('db').openSession()
      const author = await session.findOneOrFail(Author, 1, { populate: ['books.chapters'] })
      session.remove(author)
      await expect(session.flush()).rejects.toThrow(/deleted_at/)
      const all = [author, ...author.books, ...author.books.getItems().flatMap((book) => [...book.chapters])]
      expect(all.map(isTrashed)).toEqual([false, false, false, false, false, false, false])
    } finally {
      await world.sql('alter table note rename column gone_at to deleted_at')
    }
    expect(await countTrashed(world, ...everything)).toEqual([0, 0, 0, 0])
  },

  async 'of a savepoint leaves what was trashed before it managed, and in what refers to it'(world) {
    await publish(world)
    await world.scope(async (session) => {
      const author = await session.findOneOrFail(Author, 1, { populate: ['books'] })
      const [book] = author.books.getItems()
      session.remove(author)
      await session.flush()
      const inner = session.transactional(async (em) => {
        await em.restore(author)
        throw new Error('lost')
      })
      await expect(inner).rejects.toThrow('lost')
      expect([isTrashed(author), book && isTrashed(book)]).toEqual([true, true])
      expect(session.getUnitOfWork().getById(Author, 1)).toBe(author)
      expect(book?.author.unwrap()).toBe(author)
      await session.restore(author)
    })
    expect(await countTrashed(world, ...everything)).toEqual([0, 0, 0, 0])
  },

  async 'of edits beside a delete keeps them to be written again'(world) {
    await publish(world)
    await world.scope(async (session) => {
      const chapter = await session.findOneOrFail(Chapter, 5)
      const inner = session.transactional(async (em) => {
        await em.nativeDelete(Note, {})
        throw new Error('lost')
      })
      await expect(inner).rejects.toThrow('lost')
      chapter.title = 'Revised'
    })
    expect(await world.sql('select title from chapter where id = 5')).toEqual([{ title: 'Revised' }])
    expect(await countTrashed(world, 'note')).toEqual([0])
  },
})
