/** Many units of work that delete, restore and read the same trees at once, and connections that die in a cascade. */

import { isTrashed, type Session } from 'limber/database'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { isThere, MARIADB, POSTGRES, type Server } from '../support/servers.ts'
import { Author, Book, Chapter, Folder, Note } from './models.ts'
import { openWorld, type World } from './world.ts'

const AT_ONCE = 50
const RETRIES = 100

const SERVERS = [
  {
    server: POSTGRES,
    own: 'select pg_backend_pid() as id',
    isWaiting: "select pid from pg_stat_activity where pid = ? and wait_event_type = 'Lock'",
    kill: (id: unknown) => `select pg_terminate_backend(${id})`,
  },
  {
    server: MARIADB,
    own: 'select connection_id() as id',
    isWaiting:
      "select id from information_schema.processlist where id = ? and state = 'Updating' and info like 'update `note`%'",
    kill: (id: unknown) => `kill ${id}`,
  },
]

/** The stamps of everything that is trashed with the first author, in one statement. */
const TREE = `select deleted_at as stamp from author union all select deleted_at from book
  union all select deleted_at from chapter union all select deleted_at from note`
const FOLDERS = 'select deleted_at as stamp from folder'
/** Rows of the cascade that do not say the same as what they follow. */
const HALVES = `select 'chapter' as what, chapter.id from chapter join book on book.id = chapter.book_id
    where coalesce(chapter.deleted_at, ?) <> coalesce(book.deleted_at, ?)
  union all select 'note', note.id from note join chapter on chapter.id = note.chapter_id
    where coalesce(note.deleted_at, ?) <> coalesce(chapter.deleted_at, ?)`
const LONG_AGO = Array.from({ length: 4 }, () => '2000-01-01 00:00:00')

async function plant(world: World): Promise<void> {
  await world.scope((session) => {
    const author = session.create(Author, { name: 'Mary' })
    for (const title of ['first', 'second', 'third']) {
      const book = session.create(Book, { title, author })
      for (const name of ['one', 'two']) {
        const chapter = session.create(Chapter, { title: name, book })
        session.create(Note, { text: 'here', chapter })
      }
    }
    const root = session.create(Folder, { name: 'root' })
    for (const name of ['a', 'b']) {
      const parent = session.create(Folder, { name, parent: root })
      session.create(Folder, { name: 'leaf', parent })
    }
  })
}

const states = async (session: Session, sql: string) =>
  new Set((await session.execute<{ stamp: unknown }[]>(sql)).map(({ stamp }) => String(stamp)))

for (const { server, own, isWaiting, kill } of SERVERS) {
  if (!(await isThere(server))) continue

  describe(server.title, () => {
    let world: World
    beforeAll(async () => {
      world = await openWorld(crowded(server))
    })
    beforeEach(async () => {
      await world.clear()
      await plant(world)
    })
    afterAll(() => world[Symbol.asyncDispose]())

    const transaction = (
      work: (session: Session) => Promise<void>,
      isolation?: 'repeatable read' | 'serializable',
    ) =>
      world.app
        .make('db')
        .transaction(work, { propagation: 'requires-new', retry: RETRIES, ...(isolation && { isolation }) })

    test.each([
      ['as the database has it', undefined],
      ['repeatable read', 'repeatable read'],
    ] as const)(
      `${AT_ONCE} units of work never show half of a tree (isolation: %s)`,
      async (_, isolation) => {
        const kinds: ((session: Session) => Promise<void>)[] = [
          async (session) => {
            session.remove(await session.findOneOrFail(Author, 1, { withTrashed: true }))
          },
          async (session) => void (await session.nativeDelete(Author, { id: 1 })),
          async (session) => void (await session.nativeDelete(Folder, { name: 'root' })),
          async (session) => {
            const author = await session.findOneOrFail(Author, 1, { withTrashed: true })
            await session.restore(author)
          },
          async (session) => {
            const folder = await session.findOneOrFail(Folder, 1, { withTrashed: true })
            await session.restore(folder)
          },
          async (session) => void session.remove(session.getReference(Folder, 1)),
          async (session) => {
            for (const sql of [TREE, FOLDERS]) expect((await states(session, sql)).size).toBe(1)
          },
          async (session) => {
            const authors = await session.find(Author, {}, { populate: ['books.chapters.notes'] })
            const books = authors.flatMap(({ books }) => books.getItems())
            // Each level is a statement of its own, between which others may commit.
            if (isolation) expect([0, 3]).toContain(books.length)
          },
        ]
        const work = Array.from({ length: AT_ONCE }, (_, index) => {
          const kind = kinds[index % kinds.length]
          return kind && transaction(kind, isolation)
        })
        const failed = (await Promise.allSettled(work)).filter(({ status }) => status === 'rejected')
        expect(failed).toEqual([])
        await world.scope(async (session) => {
          for (const sql of [TREE, FOLDERS]) expect((await states(session, sql)).size).toBe(1)
        })
        expect(world.app.make('db.connection').pool).toEqual({ inUse: 0, waiting: 0 })
      },
    )

    test(`what follows a row says the same as the row, after ${AT_ONCE} units of work on rows in the middle`, async () => {
      const kinds: ((session: Session, id: number) => Promise<void>)[] = [
        async (session, id) => void (await session.nativeDelete(Book, { id })),
        async (session) => void (await session.nativeDelete(Author, { id: 1 })),
        async (session, id) => {
          const book = await session.findOneOrFail(Book, id, { withTrashed: true })
          await session.restore(book)
        },
        async (session, id) => {
          session.remove(await session.findOneOrFail(Book, id, { withTrashed: true }))
        },
        async (session) => {
          expect(await session.execute(HALVES, LONG_AGO)).toEqual([])
        },
      ]
      const work = Array.from({ length: AT_ONCE }, (_, index) => {
        const kind = kinds[index % kinds.length]
        return kind && transaction((session) => kind(session, (index % 3) + 1))
      })
      const failed = (await Promise.allSettled(work)).filter(({ status }) => status === 'rejected')
      expect(failed).toEqual([])
      expect(await world.sql(HALVES, LONG_AGO)).toEqual([])
    })

    test.each([
      ['outside of its transaction', false],
      ['in its transaction', true],
    ])('the first stamp wins, and all who come later know it, who have read it %s', async (_, begins) => {
      const everybody = 8
      const ready = Promise.withResolvers<void>()
      let count = 0
      const remove = async (session: Session) => {
        if (begins) await session.begin()
        const author = await session.findOneOrFail(Author, 1)
        // All of them have seen it live before one of them deletes it.
        if (++count === everybody) ready.resolve()
        await ready.promise
        session.remove(author)
        await session.flush()
        return author
      }
      const authors = await Promise.all(Array.from({ length: everybody }, () => world.scope(remove)))
      const [row] = await world.scope((session) => session.find(Author, 1, { withTrashed: true }))
      expect(new Set(authors.map((author) => stampOf(author)))).toEqual(new Set([stampOf(row)]))
      expect(await world.live('note')).toEqual([])
    })

    test('a connection that dies in the middle of a cascade leaves nothing half-deleted, and memory truthful', async () => {
      const [locked, free] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
      const holder = world.scope(async (session) => {
        await session.execute('select id from note where id = 1 for update')
        locked.resolve()
        await free.promise
      })
      await locked.promise
      let known: [Author, Book[]] | undefined
      const process = Promise.withResolvers<unknown>()
      const remover = world.scope(async (session) => {
        const author = await session.findOneOrFail(Author, 1, { populate: ['books'] })
        known = [author, author.books.getItems()]
        session.remove(author)
        await session.begin()
        const [row] = await session.execute<{ id: unknown }[]>(own)
        process.resolve(row?.id)
      })
      const failure = remover.catch((error: unknown) => error)
      const id = await process.promise
      while ((await world.sql(isWaiting, [id])).length === 0);
      await world.sql(kill(id))
      expect(await failure).toMatchObject({ code: 'LIMBER_DATABASE_UNAVAILABLE', kind: 'unavailable' })
      free.resolve()
      await holder

      await world.scope(async (session) => expect(await states(session, TREE)).toEqual(new Set(['null'])))
      const [author, books] = known ?? []
      expect([author, ...(books ?? [])].map((entity) => entity && isTrashed(entity))).toEqual(
        Array.from({ length: 4 }, () => false),
      )
      expect(author?.books.getItems()).toEqual(books)
      expect(world.app.make('db.connection').pool).toEqual({ inUse: 0, waiting: 0 })

      await world.scope(async (session) => void session.remove(await session.findOneOrFail(Author, 1)))
      await world.scope(async (session) => expect((await states(session, TREE)).size).toBe(1))
      expect(await world.live('note')).toEqual([])
    })
  })
}

const stampOf = (author: Author | undefined) => author && Reflect.get(author, 'deletedAt')?.getTime()

/** A database with connections for many, but not for all at once. */
function crowded(server: Server) {
  return { title: server.title, create: () => server.driver({ pool: { max: 10 } }).scratch() }
}
