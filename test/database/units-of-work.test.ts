import type { Application } from 'limber'
import type { Session } from 'limber/database'
import { describe, expect, it } from 'vitest'
import { Author, Book } from './fixtures/library.ts'
import { openLibrary } from './support/library-application.ts'

const regret = new Error('regret')

/** Runs a scope that fails at its end. */
async function regretting(app: Application, work: (session: Session) => Promise<unknown>) {
  const scope = app.scope(async () => {
    await work(app.make('db.session'))
    throw regret
  })
  await expect(scope).rejects.toBe(regret)
}

function addBook(session: Session, title: string) {
  return session.create(Book, { title, author: session.getReference(Author, 1, { wrapped: true }) })
}

const SHELF = ['Frankenstein', 'The Last Man']

describe('the end of a scope', () => {
  it('commits what the session changed', async () => {
    const { app, titles } = await openLibrary()
    await app.scope(async () => {
      const session = app.make('db.session')
      addBook(session, 'Mathilda')
      const book = await session.findOneOrFail(Book, 2)
      book.title = 'Last'
    })
    expect(titles()).toEqual(['Frankenstein', 'Last', 'Mathilda'])
  })

  it('rolls back what was flushed before an error, and nobody sees it meanwhile', async () => {
    const { app, titles } = await openLibrary()
    await regretting(app, async (session) => {
      addBook(session, 'Mathilda')
      await session.flush()
      expect(await session.count(Book)).toBe(3)
      expect(titles()).toEqual(SHELF)
    })
    expect(titles()).toEqual(SHELF)
  })

  it('commits several flushes together', async () => {
    const { app, titles } = await openLibrary()
    await app.scope(async () => {
      const session = app.make('db.session')
      for (const title of ['a', 'b', 'c']) {
        addBook(session, title)
        await session.flush()
        expect(titles()).toEqual(SHELF)
      }
    })
    expect(titles()).toEqual([...SHELF, 'a', 'b', 'c'])
  })

  it.each<[string, (session: Session) => Promise<unknown>]>([
    ['insert', (session) => session.insert(Author, { name: 'Ada' })],
    ['insertMany', (session) => session.insertMany(Author, [{ name: 'Ada' }])],
    ['nativeUpdate', (session) => session.nativeUpdate(Author, { id: 1 }, { name: 'Ada' })],
    ['nativeDelete', (session) => session.nativeDelete(Author, { id: 2 })],
    ['nativeDelete of a soft model', (session) => session.nativeDelete(Book, {})],
    ['upsert', (session) => session.upsert(Author, { id: 1, name: 'Ada' })],
    ['upsertMany', (session) => session.upsertMany(Author, [{ id: 7, name: 'Ada' }])],
    [
      'restore',
      async (session) => session.restore(await session.findOneOrFail(Book, 3, { withTrashed: true })),
    ],
    ['execute', (session) => session.execute("insert into author (name) values ('Ada')")],
    ['a query builder', (session) => session.createQueryBuilder(Author).insert({ name: 'Ada' }).execute()],
    [
      'transactional',
      (session) => session.transactional(async (inner) => void inner.create(Author, { name: 'Ada' })),
    ],
  ])('undoes %s, which writes at once', async (_method, write) => {
    const { app, raw, rows } = await openLibrary()
    raw.exec("insert into author (id, name) values (2, 'Nobody')")
    raw.exec("insert into book (id, title, author_id, deleted_at) values (3, 'Gone', 1, 1)")
    const all = () => [...rows('select * from author order by id'), ...rows('select * from book order by id')]
    const before = all()
    await regretting(app, async (session) => {
      await write(session)
      expect(all()).toEqual(before)
    })
    expect(all()).toEqual(before)

    await app.scope(() => write(app.make('db.session')))
    expect(all()).not.toEqual(before)
  })

  it('undoes one nested transaction without the others', async () => {
    const { app, rows } = await openLibrary()
    await app.scope(async () => {
      const session = app.make('db.session')
      session.create(Author, { name: 'outer' })
      await session.flush()
      const inner = session.transactional(async (em) => {
        em.create(Author, { name: 'lost' })
        await em.flush()
        throw regret
      })
      await expect(inner).rejects.toBe(regret)
      await session.transactional(async (em) => void em.create(Author, { name: 'kept' }))
      expect(rows('select * from author')).toHaveLength(1)
    })
    expect(rows('select name from author').map((row) => row.name)).toEqual(['Mary Shelley', 'outer', 'kept'])
  })

  it('undoes nested transactions with the scope', async () => {
    const { app, rows } = await openLibrary()
    await regretting(app, (session) =>
      session.transactional((em) =>
        em.transactional(async (deep) => void deep.create(Author, { name: 'deep' })),
      ),
    )
    expect(rows('select name from author')).toEqual([{ name: 'Mary Shelley' }])
  })
})

describe('the transaction of a scope', () => {
  it('does not open with a read', async () => {
    const { app, raw } = await openLibrary()
    await app.scope(async () => {
      const session = app.make('db.session')
      await session.find(Book, {})
      await session.count(Author)
      await session.flush()
      expect(session.isInTransaction()).toBe(false)
      raw.exec('begin immediate')
      raw.exec('rollback')
    })
  })

  it('opens with the first write', async () => {
    const { app, raw } = await openLibrary()
    await app.scope(async () => {
      const session = app.make('db.session')
      addBook(session, 'Mathilda')
      await session.flush()
      expect(() => raw.exec('begin immediate')).toThrow('locked')
    })
    raw.exec('begin immediate')
    raw.exec('rollback')
  })

  it('is seen by the reads of its own session only', async () => {
    const { app } = await openLibrary()
    const wrote = Promise.withResolvers<void>()
    const read = Promise.withResolvers<void>()
    const writer = app.scope(async () => {
      const session = app.make('db.session')
      addBook(session, 'Mathilda')
      await session.flush()
      expect(await session.count(Book)).toBe(3)
      wrote.resolve()
      await read.promise
    })
    await wrote.promise
    const count = await app.scope(() => app.make('db.session').count(Book))
    expect(count).toBe(2)
    read.resolve()
    await writer
    expect(await app.scope(() => app.make('db.session').count(Book))).toBe(3)
  })

  it('lets a health check and a plain query through while it is open', async () => {
    const { app } = await openLibrary()
    await app.scope(async () => {
      const session = app.make('db.session')
      addBook(session, 'Mathilda')
      await session.flush()
      await app.make('db.health').check()
    })
  })

  it('is one for statements that start at once', async () => {
    const { app, rows } = await openLibrary()
    await app.scope(async () => {
      const session = app.make('db.session')
      await Promise.all(['Ada', 'Emma'].map((name) => session.insert(Author, { name })))
    })
    expect(rows('select * from author')).toHaveLength(3)
  })

  it('refuses a write that would wait for the end of its own scope', async () => {
    const { app, connection, titles } = await openLibrary()
    const writes = [
      () => app.scope(() => app.make('db.session').insert(Author, { name: 'inner' })),
      () => app.make('db').openSession().insert(Author, { name: 'own' }),
      () => connection.execute("insert into author (name) values ('raw')"),
    ]
    await app.scope(async () => {
      addBook(app.make('db.session'), 'Mathilda')
      await app.make('db.session').flush()
      for (const write of writes) {
        await expect(write()).rejects.toMatchObject({ code: 'LIMBER_OWN_LOCK', hint: expect.any(String) })
      }
    })
    expect(titles()).toEqual([...SHELF, 'Mathilda'])
    for (const write of writes) await write()
  })

  it('does not keep a query builder from what is written after it was made', async () => {
    const { app } = await openLibrary()
    await app.scope(async () => {
      const session = app.make('db.session')
      const books = session.createQueryBuilder(Book)
      addBook(session, 'Mathilda')
      await session.flush()
      expect(await books.clone().getResultList()).toHaveLength(3)
      expect(await session.execute('select * from book')).toHaveLength(3)
    })
  })

  it('makes a second writer wait until the first has ended', async () => {
    const { app, titles } = await openLibrary()
    const order: string[] = []
    const wrote = Promise.withResolvers<void>()
    const goOn = Promise.withResolvers<void>()
    const first = app.scope(async () => {
      const session = app.make('db.session')
      addBook(session, 'first')
      await session.flush()
      wrote.resolve()
      await goOn.promise
      order.push('first')
    })
    await wrote.promise
    const second = app.scope(async () => {
      const session = app.make('db.session')
      addBook(session, 'second')
      const flushed = session.flush()
      goOn.resolve()
      await flushed
      order.push('second')
    })
    await Promise.all([first, second])
    expect(order).toEqual(['first', 'second'])
    expect(titles()).toEqual([...SHELF, 'first', 'second'])
  })
})

it('afterCommit runs after the commit, and not after an error', async () => {
  const { app, titles } = await openLibrary()
  const seen: unknown[] = []
  await app.scope(async (scope) => {
    scope.afterCommit(() => seen.push(titles().length))
    addBook(app.make('db.session'), 'Mathilda')
  })
  expect(seen).toEqual([3])
  await regretting(app, async (session) => {
    app.currentScope()?.afterCommit(() => seen.push('never'))
    addBook(session, 'Lodore')
    await session.flush()
  })
  expect(seen).toEqual([3])
})

it('two hundred scopes at once each keep their own session, and every row arrives', async () => {
  const { app, rows } = await openLibrary()
  const sessions = new Set<Session>()
  await Promise.all(
    Array.from({ length: 200 }, (_, i) =>
      app.scope(async () => {
        const session = app.make('db.session')
        sessions.add(session)
        await session.findOne(Author, 1)
        const author = session.create(Author, { name: `author ${i}` })
        await session.flush()
        expect(app.make('db.session')).toBe(session)
        author.name += '!'
      }),
    ),
  )
  expect(sessions.size).toBe(200)
  const names = new Set(rows("select name from author where name like 'author %!'").map((row) => row.name))
  expect(names.size).toBe(200)
})
