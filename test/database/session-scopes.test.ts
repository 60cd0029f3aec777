import { type Application, NoApplicationError } from 'limber'
import { type Session, sessionScope, TransactionConflictError } from 'limber/database'
import { describe, expect, it } from 'vitest'
import { Author, Book } from './fixtures/library.ts'
import { openLibrary } from './support/library-application.ts'

const regret = new Error('regret')

describe('sessionScope', () => {
  it('is a unit of work of the only application that is booted', async () => {
    const { titles } = await openLibrary()
    await sessionScope(async (session) => {
      const book = await session.findOneOrFail(Book, 1)
      book.title = 'The Modern Prometheus'
    })
    expect(titles()[0]).toBe('The Modern Prometheus')
    const failing = sessionScope(async (session) => {
      await session.insert(Author, { name: 'lost' })
      throw regret
    })
    await expect(failing).rejects.toBe(regret)
  })

  it('is refused when no application is booted, or several are and no scope tells which', async () => {
    await expect(sessionScope(() => 1)).rejects.toBeInstanceOf(NoApplicationError)
    const first = await openLibrary()
    const second = await openLibrary()
    await expect(sessionScope(() => 1)).rejects.toMatchObject({
      code: 'LIMBER_NO_APPLICATION',
      message: expect.stringContaining('2 applications'),
    })
    const addTo = (app: Application) =>
      app.scope(() => sessionScope((session) => session.insert(Author, { name: 'Ada' })))
    await addTo(second.app)
    expect([first, second].map(({ rows }) => rows('select * from author').length)).toEqual([1, 2])
    await first.app.stop()
    await sessionScope((session) => session.insert(Author, { name: 'Emma' }))
    expect(second.rows('select * from author')).toHaveLength(3)
  })

  it('starts a new unit of work, also inside another', async () => {
    const { app, titles } = await openLibrary()
    const outer = app.scope(async () => {
      const session = app.make('db.session')
      await sessionScope(async (inner) => {
        expect(inner).not.toBe(session)
        const book = await inner.findOneOrFail(Book, 1)
        book.title = 'kept'
      })
      throw regret
    })
    await expect(outer).rejects.toBe(regret)
    expect(titles()[0]).toBe('kept')
  })

  it('gives results that stay usable; what was not loaded says so', async () => {
    await openLibrary()
    const [book, author] = await sessionScope(async (session) => [
      await session.findOneOrFail(Book, 1),
      await session.findOneOrFail(Author, 1, { populate: ['books'] }),
    ])
    expect(book.title).toBe('Frankenstein')
    expect(author.books.map(({ title }) => title)).toEqual(['Frankenstein', 'The Last Man'])
    expect(JSON.parse(JSON.stringify(book))).toMatchObject({ title: 'Frankenstein', author: 1 })

    const lazy = await sessionScope((session) => session.findOneOrFail(Book, 1))
    await expect(lazy.author.load()).rejects.toMatchObject({ code: 'LIMBER_SESSION_CLOSED' })
    const alone = await sessionScope((session) => session.findOneOrFail(Author, 1))
    await expect(alone.books.load()).rejects.toMatchObject({ code: 'LIMBER_SESSION_CLOSED' })
    expect(() => alone.books.getItems()).toThrow('not initialized')
  })

  it('ends its session: nothing can be done with it afterwards', async () => {
    await openLibrary()
    const session = await sessionScope((session) => session)
    const uses: ((session: Session) => Promise<unknown>)[] = [
      (session) => session.find(Book, {}),
      (session) => session.flush(),
      (session) => session.execute('select 1'),
      (session) => session.insert(Author, { name: 'Ada' }),
      async (session) => session.createQueryBuilder(Book).getResultList(),
      (session) => session.transaction(() => 1),
      async (session) => session.fork(),
    ]
    for (const use of uses)
      await expect(use(session)).rejects.toMatchObject({ code: 'LIMBER_SESSION_CLOSED' })
  })
})

describe('a session that its maker owns', () => {
  it('is closed by using, and rolls back what was not committed', async () => {
    const { app, titles } = await openLibrary()
    const db = app.make('db')
    {
      await using session = db.openSession()
      await session.begin()
      await session.nativeUpdate(Book, { id: 1 }, { title: 'lost' })
    }
    expect(titles()[0]).toBe('Frankenstein')
    await sessionScope((session) => session.nativeUpdate(Book, { id: 1 }, { title: 'kept' }))
    expect(titles()[0]).toBe('kept')
  })

  it('has transactions of its own, which tell the truth in memory', async () => {
    const { app, titles } = await openLibrary()
    await using session = app.make('db').openSession()
    const book = await session.findOneOrFail(Book, 1)
    const failing = session.transactional(async () => {
      book.title = 'lost'
      await session.flush()
      throw regret
    })
    await expect(failing).rejects.toBe(regret)
    await session.persist(book).flush()
    expect(titles()[0]).toBe('Frankenstein')
    const again = await session.findOneOrFail(Book, 1)
    await session.transaction(async () => {
      again.title = 'kept'
      await expect(
        session.transaction(async () => {
          again.title = 'lost'
          throw regret
        }),
      ).rejects.toBe(regret)
    })
    expect(titles()[0]).toBe('kept')
  })

  it('refuses a scope that would wait for its transaction', async () => {
    const { app } = await openLibrary()
    await using session = app.make('db').openSession()
    await session.transaction(async () => {
      await session.insert(Author, { name: 'Ada' })
      const inner = sessionScope((own) => own.insert(Author, { name: 'Emma' }))
      await expect(inner).rejects.toMatchObject({ code: 'LIMBER_OWN_LOCK' })
    })
    await sessionScope((own) => own.insert(Author, { name: 'Emma' }))
  })
})

describe('retry', () => {
  const conflict = () => new TransactionConflictError(new Error('could not serialize access'))

  it.each([0, 1, 3])('repeats the whole unit of work on a fresh session; %s conflicts', async (conflicts) => {
    const { titles } = await openLibrary()
    const sessions = new Set<Session>()
    const work = async (session: Session) => {
      sessions.add(session)
      const book = await session.findOneOrFail(Book, 1)
      book.title += '!'
      await session.flush()
      if (sessions.size <= conflicts) throw conflict()
      return book.title
    }
    expect(await sessionScope(work, { retry: 3 })).toBe('Frankenstein!')
    expect(sessions.size).toBe(conflicts + 1)
    expect(titles()[0]).toBe('Frankenstein!')
  })

  it('is bounded, and keeps the cause and the count', async () => {
    const { app } = await openLibrary()
    const last: { error?: unknown } = {}
    const failing = app.make('db').transaction(
      () => {
        last.error = conflict()
        throw last.error
      },
      { retry: 2 },
    )
    const error: unknown = await failing.catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'LIMBER_RETRIES_EXHAUSTED', tries: 3, cause: last.error })
  })

  it('repeats nothing unless it is asked to, and no other error', async () => {
    await openLibrary()
    let tries = 0
    const failing = (error: Error) => () => {
      tries++
      throw error
    }
    await expect(sessionScope(failing(regret), { retry: 3 })).rejects.toBe(regret)
    await expect(sessionScope(failing(conflict()))).rejects.toMatchObject({
      code: 'LIMBER_TRANSACTION_CONFLICT',
    })
    expect(tries).toBe(2)
  })

  it('of a part of a unit of work is refused', async () => {
    const { app } = await openLibrary()
    const asked = app.scope(() => app.make('db').transaction(() => 1, { retry: 1 }))
    await expect(asked).rejects.toMatchObject({ code: 'LIMBER_JOINED_TRANSACTION' })
    const own = () => app.make('db').transaction(() => 1, { retry: 1, propagation: 'requires-new' })
    expect(await app.scope(own)).toBe(1)
  })

  it('meets a real conflict of SQLite: what was read has been written by another process', async () => {
    const { app, raw, rows } = await openLibrary()
    let tries = 0
    await app.make('db').transaction(
      async (session) => {
        tries++
        const [row] = await session.execute<{ name: string }[]>('select name from author where id = 1', [], {
          connectionType: 'write',
        })
        if (tries === 1) raw.exec("update author set name = 'Ada' where id = 1")
        await session.nativeUpdate(Author, { id: 1 }, { name: `${row?.name} L.` })
      },
      { retry: 3 },
    )
    expect([tries, rows('select name from author')]).toEqual([2, [{ name: 'Ada L.' }]])
  })
})

describe('db.parallel', () => {
  it('gives each branch a session and a unit of work, and the results in order', async () => {
    const { app, titles } = await openLibrary()
    const sessions = new Set<Session>()
    const [count, name, nothing] = await app.make('db').parallel([
      async (session) => {
        sessions.add(session)
        await session.nativeUpdate(Book, { id: 1 }, { title: 'first' })
        return session.count(Book)
      },
      async (session) => {
        sessions.add(session)
        const book = await session.findOneOrFail(Book, 2)
        book.title = 'second'
        return book.title
      },
      (session) => void sessions.add(session),
    ])
    expect([count, name, nothing]).toEqual([2, 'second', undefined])
    expect(sessions.size).toBe(3)
    expect(titles()).toEqual(['first', 'second'])
  })

  it('waits for all, throws the first error with the others behind it, and keeps what succeeded', async () => {
    const { app, rows } = await openLibrary()
    const ended: string[] = []
    const branches = [
      async (session: Session) => {
        await session.insert(Author, { name: 'kept' })
        ended.push('kept')
      },
      async () => {
        await new Promise((resolve) => setTimeout(resolve, 20))
        ended.push('slow')
        throw new Error('slow')
      },
      () => {
        throw new Error('quick')
      },
    ]
    const failing = app.make('db').parallel(branches)
    await expect(failing).rejects.toMatchObject({ message: 'slow', cause: { message: 'quick' } })
    expect(ended.sort()).toEqual(['kept', 'slow'])
    expect(rows("select * from author where name = 'kept'")).toHaveLength(1)
  })
})
