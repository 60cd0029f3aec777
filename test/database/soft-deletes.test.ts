import { wrap } from '@mikro-orm/core'
import type { Application } from 'limber'
import { isTrashed, Model, type Session } from 'limber/database'
import { Collection, Entity, ManyToOne, OneToMany, Property, type Ref } from 'limber/database/mapping'
import { describe, expect, it } from 'vitest'
import { Author, Book } from './fixtures/library.ts'
import { openLibrary } from './support/library-application.ts'

@Entity()
class Shelf extends Model {
  static override softDelete = true

  @Property({ unique: true })
  label!: string

  @Property({ type: 'datetime', nullable: true, fieldName: 'gone_at' })
  deletedAt?: Date | null

  @OneToMany(
    () => Folio,
    (folio) => folio.shelf,
  )
  folios = new Collection<Folio>(this)
}

@Entity()
class Folio extends Model {
  @ManyToOne(() => Shelf, { ref: true, nullable: true })
  shelf?: Ref<Shelf> | null
}

const inScope = <T>(app: Application, work: (session: Session) => T | Promise<T>) =>
  app.scope(() => work(app.make('db.session')))

const trash = (app: Application, id: number) =>
  inScope(app, async (session) => void session.remove(await session.findOneOrFail(Book, id)))

async function withTrash() {
  const library = await openLibrary()
  await trash(library.app, 1)
  return {
    ...library,
    stamps: () => library.rows('select deleted_at as at from book order by id').map((r) => r.at),
  }
}

async function openShelves() {
  const library = await openLibrary({ models: [Shelf, Folio] })
  library.raw.exec(
    "insert into shelf (id, label) values (1, 'A'); insert into folio (id, shelf_id) values (1, 1)",
  )
  return library
}

describe('removing', () => {
  it('keeps the row and stamps it with the time in milliseconds', async () => {
    const before = Date.now()
    const { stamps } = await withTrash()
    const [stamp, other] = stamps()
    expect(stamp).toBeGreaterThanOrEqual(before)
    expect(stamp).toBeLessThan(before + 60_000)
    expect(other).toBeNull()
  })

  it('really deletes the rows of other models', async () => {
    const { app, rows, raw } = await openLibrary()
    raw.exec("insert into author (id, name) values (2, 'Nobody')")
    await inScope(app, async (session) => void session.remove(await session.findOneOrFail(Author, 2)))
    expect(rows('select id from author')).toEqual([{ id: 1 }])
  })

  it('twice changes nothing', async () => {
    const { app, stamps } = await withTrash()
    const before = stamps()
    await inScope(app, async (session) => {
      const book = await session.findOneOrFail(Book, 1, { withTrashed: true })
      session.remove(book)
      await session.flush()
      session.remove(book)
    })
    await inScope(app, (session) => session.nativeDelete(Book, { id: 1 }))
    expect(stamps()).toEqual(before)
  })

  it('after somebody else did keeps their stamp, in the row and in memory', async () => {
    const { app, raw, stamps } = await openLibrary().then((library) => ({
      ...library,
      stamps: () => library.rows('select deleted_at as at from book order by id').map((r) => r.at),
    }))
    await inScope(app, async (session) => {
      const book = await session.findOneOrFail(Book, 1)
      raw.exec('update book set deleted_at = 1000 where id = 1')
      session.remove(book)
      await session.flush()
      expect(Reflect.get(book, 'deletedAt')).toEqual(new Date(1000))
    })
    expect(stamps()).toEqual([1000, null])
  })

  it('many in one flush is one statement with one stamp', async () => {
    const { app, connection, rows } = await openLibrary()
    const statements: string[] = []
    const logger = connection.orm.config.getLogger()
    logger.setDebugMode(['query'])
    const logQuery = logger.logQuery.bind(logger)
    logger.logQuery = (context) => {
      statements.push(context.query ?? '')
      logQuery(context)
    }
    await inScope(app, async (session) => {
      for (const book of await session.find(Book, {})) session.remove(book)
    })
    expect(statements.filter((sql) => /^update/i.test(sql))).toHaveLength(1)
    expect(statements.filter((sql) => /^delete/i.test(sql))).toEqual([])
    expect(rows('select count(distinct deleted_at) as n, count(deleted_at) as c from book')).toEqual([
      { n: 1, c: 2 },
    ])
  })

  it('by condition stamps the rows instead of deleting them', async () => {
    const { app, stamps } = await withTrash()
    const [first] = stamps()
    expect(await inScope(app, (session) => session.nativeDelete(Book, {}))).toBe(1)
    expect(stamps()).toEqual([first, expect.any(Number)])
  })

  it('keeps the foreign keys of loaded children', async () => {
    const { app, rows } = await openShelves()
    await inScope(app, async (session) => {
      const shelf = await session.findOneOrFail(Shelf, 1, { populate: ['folios'] })
      session.remove(shelf)
    })
    expect(rows('select shelf_id, gone_at is not null as gone from folio join shelf')).toEqual([
      { shelf_id: 1, gone: 1 },
    ])
  })

  it('and creating again under the same unique key never deletes the row', async () => {
    const { app, rows } = await openShelves()
    const again = inScope(app, async (session) => {
      session.remove(await session.findOneOrFail(Shelf, 1))
      session.create(Shelf, { label: 'A' })
    })
    await again.catch((error: unknown) => expect(error).toMatchObject({ code: 'LIMBER_UNIQUE_VIOLATION' }))
    expect(rows('select id, label from shelf where id = 1')).toEqual([{ id: 1, label: 'A' }])
  })

  it('by force deletes the row for good', async () => {
    const { app, rows } = await withTrash()
    await inScope(app, async (session) => {
      for (const book of await session.find(Book, {}, { withTrashed: true })) session.forceRemove(book)
    })
    expect(rows('select * from book')).toEqual([])
  })
})

describe('a trashed row', () => {
  it('is not found, listed or counted', async () => {
    const { app } = await withTrash()
    await inScope(app, async (session) => {
      expect(await session.findOne(Book, 1)).toBeNull()
      expect(await session.findOne(Book, { title: 'Frankenstein' })).toBeNull()
      await expect(session.findOneOrFail(Book, 1)).rejects.toMatchObject({ code: 'LIMBER_MODEL_NOT_FOUND' })
      expect((await session.find(Book, {})).map((book) => book.id)).toEqual([2])
      expect(await session.count(Book)).toBe(1)
      expect((await session.findAndCount(Book, {}))[1]).toBe(1)
    })
  })

  it('is not found in the session that trashed it', async () => {
    const { app } = await openLibrary()
    await inScope(app, async (session) => {
      session.remove(await session.findOneOrFail(Book, 1))
      await session.flush()
      expect(await session.findOne(Book, 1)).toBeNull()
      expect(await session.find(Book, {})).toHaveLength(1)
      expect(await session.count(Book)).toBe(1)
    })
  })

  it('is not written by being read, nor is any other date', async () => {
    const { app, raw, rows } = await openShelves()
    raw.exec('update shelf set gone_at = 1000')
    await inScope(app, async (session) => {
      const shelf = await session.findOneOrFail(Shelf, 1, { withTrashed: true })
      raw.exec("update shelf set gone_at = 2000, label = 'theirs'")
      expect(shelf.deletedAt).toEqual(new Date(1000))
    })
    expect(rows('select label, gone_at as gone from shelf')).toEqual([{ label: 'theirs', gone: 2000 }])
  })

  it('is seen by those who ask for it', async () => {
    const { app } = await withTrash()
    await inScope(app, async (session) => {
      const book = await session.findOneOrFail(Book, 1, { withTrashed: true })
      expect(isTrashed(book)).toBe(true)
      expect(await session.count(Book, {}, { withTrashed: true })).toBe(2)
      expect((await session.find(Book, {}, { onlyTrashed: true })).map((found) => found.id)).toEqual([1])
      expect(await session.count(Book, {}, { onlyTrashed: true })).toBe(1)
      expect(await session.findOne(Book, 1)).toBeNull()
      expect(await session.findOne(Book, 2, { onlyTrashed: true })).toBeNull()
      expect((await session.findAndCount(Book, {}, { withTrashed: true }))[1]).toBe(2)
    })
  })

  it('leaves the collections it was loaded in', async () => {
    const { app } = await openLibrary()
    await inScope(app, async (session) => {
      const author = await session.findOneOrFail(Author, 1, { populate: ['books'] })
      session.remove(await session.findOneOrFail(Book, 1))
      await session.flush()
      expect(author.books.getItems().map((book) => book.id)).toEqual([2])
    })
    await inScope(app, async (session) => {
      const author = await session.findOneOrFail(Author, 1, { populate: ['books'] })
      expect(author.books.getItems().map((book) => book.id)).toEqual([2])
    })
  })
})

describe('restoring', () => {
  it('brings the row back at once, inside the unit of work', async () => {
    const { app, stamps } = await withTrash()
    await inScope(app, async (session) => {
      const book = await session.findOneOrFail(Book, 1, { withTrashed: true })
      expect(await session.restore(book)).toBe(true)
      expect(isTrashed(book)).toBe(false)
      expect(await session.restore(book)).toBe(false)
      expect(await session.findOneOrFail(Book, 1)).toBe(book)
    })
    expect(stamps()).toEqual([null, null])
  })

  it('does nothing to a row that was trashed again meanwhile', async () => {
    const { app, raw, stamps } = await withTrash()
    await inScope(app, async (session) => {
      const book = await session.findOneOrFail(Book, 1, { withTrashed: true })
      raw.exec('update book set deleted_at = 5 where id = 1')
      expect(await session.restore(book)).toBe(false)
    })
    expect(stamps()).toEqual([5, null])
  })
})

describe('a rollback', () => {
  const lose = async (app: Application, work: (session: Session) => Promise<unknown>) => {
    const lost = inScope(app, async (session) => {
      await work(session)
      throw new Error('lost')
    })
    await expect(lost).rejects.toThrow('lost')
  }

  it('takes the stamp back, in the row and in memory', async () => {
    const { app, rows } = await openLibrary()
    const books: Book[] = []
    await lose(app, async (session) => {
      books.push(await session.findOneOrFail(Book, 1), await session.findOneOrFail(Book, 2))
      for (const book of books) session.remove(book)
      await session.flush()
      expect(books.map(isTrashed)).toEqual([true, true])
    })
    expect(books.map(isTrashed)).toEqual([false, false])
    expect(rows('select * from book where deleted_at is not null')).toEqual([])
  })

  it('takes the stamp of a nested transaction back with its scope', async () => {
    const { app } = await openLibrary()
    const books: Book[] = []
    await lose(app, (session) =>
      session.transactional(async (inner) => {
        const book = await inner.findOneOrFail(Book, 1)
        books.push(book)
        inner.remove(book)
      }),
    )
    expect(books.map(isTrashed)).toEqual([false])
  })

  it('of a nested transaction takes only its own stamps back', async () => {
    const { app, rows } = await openLibrary()
    await inScope(app, async (session) => {
      const [first, second] = await session.find(Book, {}, { orderBy: { id: 'asc' } })
      if (first) session.remove(first)
      await session.flush()
      const inner = session.transactional(async (em) => {
        if (second) em.remove(await em.findOneOrFail(Book, second.id))
        await em.flush()
        throw new Error('lost')
      })
      await expect(inner).rejects.toThrow('lost')
      expect([first, second].map((book) => book && isTrashed(book))).toEqual([true, false])
      expect(await session.find(Book, {})).toEqual([second])
    })
    expect(rows('select id from book where deleted_at is null')).toEqual([{ id: 2 }])
  })

  it('takes a restore back', async () => {
    const { app, stamps } = await withTrash()
    const before = stamps()
    const books: Book[] = []
    await lose(app, async (session) => {
      const book = await session.findOneOrFail(Book, 1, { withTrashed: true })
      books.push(book)
      await session.restore(book)
    })
    expect(books.map(isTrashed)).toEqual([true])
    expect(stamps()).toEqual(before)
  })

  it('of a flush outside of any scope takes the stamps back as well', async () => {
    const { app } = await openLibrary()
    const session = app.make('db').openSession()
    const book = await session.findOneOrFail(Book, 1)
    // The books go first; then the author cannot, since their rows stay.
    session.remove(book).remove(await session.findOneOrFail(Author, 1))
    await expect(session.flush()).rejects.toMatchObject({ code: 'LIMBER_CONSTRAINT_VIOLATION' })
    expect(isTrashed(book)).toBe(false)
  })
})

it('a declared deletedAt keeps its column', async () => {
  const { app, rows } = await openShelves()
  await inScope(app, async (session) => {
    const shelf = await session.findOneOrFail(Shelf, 1)
    session.remove(shelf)
    await session.flush()
    expect(shelf.deletedAt).toBeInstanceOf(Date)
    expect(wrap(shelf).toObject()).toMatchObject({ label: 'A' })
  })
  expect(rows('select gone_at is not null as gone from shelf')).toEqual([{ gone: 1 }])
  await inScope(app, async (session) => {
    expect(await session.count(Shelf)).toBe(0)
    expect(await session.restore(await session.findOneOrFail(Shelf, 1, { withTrashed: true }))).toBe(true)
  })
  expect(rows('select gone_at as gone from shelf')).toEqual([{ gone: null }])
})
