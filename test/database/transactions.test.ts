import { afterCommit } from 'limber'
import { isTrashed, type Propagation, type Session } from 'limber/database'
import { describe, expect, it } from 'vitest'
import { Author, Book } from './fixtures/library.ts'
import { openLibrary } from './support/library-application.ts'

const regret = new Error('regret')
const SHELF = ['Frankenstein', 'The Last Man']

function addBook(session: Session, title: string) {
  return session.create(Book, { title, author: session.getReference(Author, 1, { wrapped: true }) })
}

async function open() {
  const library = await openLibrary()
  return { ...library, db: library.app.make('db') }
}

describe('db.transaction in a scope', () => {
  it('is a part of the unit of work, and hands nothing from function to function', async () => {
    const { app, db, titles } = await open()
    const deep = async () => {
      const session = app.make('db.session')
      addBook(session, 'Mathilda')
      await session.flush()
    }
    await app.scope(async () => {
      const before = app.make('db.session')
      await db.transaction(async (session) => {
        expect(session).toBe(before)
        await deep()
      })
      expect(titles()).toEqual(SHELF)
    })
    expect(titles()).toEqual([...SHELF, 'Mathilda'])
  })

  it('flushes at its end', async () => {
    const { app, db } = await open()
    await app.scope(async () => {
      await db.transaction((session) => void addBook(session, 'Mathilda'))
      expect(await app.make('db.session').execute('select * from book')).toHaveLength(3)
    })
  })

  it('is undone alone, with what it had changed in memory', async () => {
    const { app, db, titles } = await open()
    await app.scope(async () => {
      const session = app.make('db.session')
      const [first, second] = await session.find(Book, {}, { orderBy: { id: 1 } })
      if (!first || !second) throw new Error('the shelf is empty')
      first.title = 'before'
      const inner = db.transaction(async () => {
        first.title = 'flushed inside'
        const lost = addBook(session, 'lost')
        session.remove(second)
        await session.flush()
        expect(lost.id).toBe(3)
        second.title = 'changed inside'
        addBook(session, 'never flushed')
        throw regret
      })
      await expect(inner).rejects.toBe(regret)
      expect([first.title, second.title, isTrashed(second)]).toEqual(['before', 'The Last Man', false])
      addBook(session, 'after')
    })
    expect(titles()).toEqual(['before', 'The Last Man', 'after'])
  })

  it('brings collections and removed rows back', async () => {
    const { app, db, rows } = await open()
    await app.scope(async () => {
      const session = app.make('db.session')
      const author = await session.findOneOrFail(Author, 1, { populate: ['books'] })
      const inner = db.transaction(async () => {
        author.books.add(session.create(Book, { title: 'lost', author: { id: 1 } as never }))
        await session.flush()
        session.forceRemove(author.books[0] as Book)
        await session.flush()
        throw regret
      })
      await expect(inner).rejects.toBe(regret)
      expect(author.books.getItems().map(({ title }) => title)).toEqual(SHELF)
      author.name = 'M. Shelley'
    })
    expect(rows('select name from author')).toEqual([{ name: 'M. Shelley' }])
    expect(rows('select id from book order by id')).toEqual([{ id: 1 }, { id: 2 }])
  })

  it('leaves a created entity new, so that a second try inserts it', async () => {
    const { app, db, titles } = await open()
    await app.scope(async () => {
      const session = app.make('db.session')
      const book = addBook(session, 'Mathilda')
      const detached = session.getUnitOfWork()
      detached.unsetIdentity(book)
      const attempt = (fails: boolean) =>
        db.transaction(async () => {
          await session.persist(book).flush()
          if (fails) throw regret
        })
      await expect(attempt(true)).rejects.toBe(regret)
      expect(book.id).toBeUndefined()
      await attempt(false)
    })
    expect(titles()).toEqual([...SHELF, 'Mathilda'])
  })

  it('reads again what was loaded inside, since that may be undone too', async () => {
    const { app, db } = await open()
    await app.scope(async () => {
      const session = app.make('db.session')
      const seen: Book[] = []
      const inner = db.transaction(async () => {
        await session.nativeUpdate(Book, { id: 1 }, { title: 'lost' })
        seen.push(await session.findOneOrFail(Book, 1))
        throw regret
      })
      await expect(inner).rejects.toBe(regret)
      expect(seen[0]?.title).toBe('Frankenstein')
    })
  })

  it('nests', async () => {
    const { app, db, titles } = await open()
    await app.scope(() =>
      db.transaction(async (session) => {
        addBook(session, 'a')
        await expect(
          db.transaction(async () => {
            addBook(session, 'b')
            await session.transactional(async (same) => {
              expect(same).toBe(session)
              addBook(session, 'c')
            })
            throw regret
          }),
        ).rejects.toBe(regret)
        await db.transaction(() => void addBook(session, 'd'))
      }),
    )
    expect(titles()).toEqual([...SHELF, 'a', 'd'])
  })

  it('is undone with the scope, also when it had succeeded', async () => {
    const { app, db, titles } = await open()
    const books: Book[] = []
    const scope = app.scope(async () => {
      await db.transaction((session) => void books.push(addBook(session, 'lost')))
      throw regret
    })
    await expect(scope).rejects.toBe(regret)
    expect(titles()).toEqual(SHELF)
    expect(books[0]?.id).toBeUndefined()
  })

  it('a thousand failures leave neither savepoints nor entities behind', async () => {
    const { app, db, titles } = await open()
    await app.scope(async () => {
      const session = app.make('db.session')
      for (let i = 0; i < 1000; i++) {
        const failing = db.transaction(async () => {
          addBook(session, `lost ${i}`)
          await session.flush()
          throw regret
        })
        await failing.catch(() => undefined)
      }
      addBook(session, 'kept')
    })
    expect(titles()).toEqual([...SHELF, 'kept'])
  })
})

describe('db.transaction outside of a scope', () => {
  it('opens one of its own, in which db.session is on the transaction', async () => {
    const { app, db, titles } = await open()
    await db.transaction(async () => {
      const session = app.make('db.session')
      expect(session.isInTransaction()).toBe(true)
      addBook(session, 'Mathilda')
    })
    expect(titles()).toEqual([...SHELF, 'Mathilda'])
    await expect(
      db.transaction((session) => {
        addBook(session, 'lost')
        throw regret
      }),
    ).rejects.toBe(regret)
    expect(titles()).toEqual([...SHELF, 'Mathilda'])
  })

  it('refuses to write when it is read-only', async () => {
    const { db } = await open()
    const writing = db.transaction((session) => session.insert(Author, { name: 'Ada' }), { readOnly: true })
    await expect(writing).rejects.toMatchObject({ code: 'LIMBER_READ_ONLY_SCOPE' })
  })
})

describe('afterCommit', () => {
  it('waits for the outermost commit', async () => {
    const { app, db, titles } = await open()
    const seen: unknown[] = []
    await app.scope(async () => {
      await db.transaction(async (session) => {
        addBook(session, 'Mathilda')
        afterCommit(() => seen.push(titles().length))
      })
      expect(seen).toEqual([])
    })
    expect(seen).toEqual([3])
  })

  it('forgets what was registered in a transaction that is undone', async () => {
    const { app, db } = await open()
    const seen: string[] = []
    await app.scope(async () => {
      afterCommit(() => seen.push('before'))
      const inner = db.transaction(async () => {
        afterCommit(() => seen.push('never'))
        throw regret
      })
      await expect(inner).rejects.toBe(regret)
      afterCommit(() => seen.push('after'))
    })
    expect(seen).toEqual(['before', 'after'])
  })

  it('that fails keeps the commit, and loses only what it wrote itself', async () => {
    const { app, titles } = await open()
    await app.scope(async () => {
      addBook(app.make('db.session'), 'kept')
      afterCommit(async () => {
        addBook(app.make('db.session'), 'flushed and lost')
        await app.make('db.session').flush()
        addBook(app.make('db.session'), 'lost')
        throw regret
      })
      afterCommit(() => void addBook(app.make('db.session'), 'later'))
    })
    expect(titles()).toEqual([...SHELF, 'kept', 'later'])
  })
})

describe('propagation', () => {
  const inScope: [Propagation, boolean, string][] = [
    ['nested', true, 'kept alone'],
    ['nested', false, 'kept alone'],
    ['required', true, 'part of it'],
    ['required', false, 'kept alone'],
    ['mandatory', true, 'part of it'],
    ['mandatory', false, 'LIMBER_NO_TRANSACTION'],
    ['never', true, 'LIMBER_TRANSACTION_OPEN'],
    ['never', false, 'part of it'],
    ['supports', true, 'part of it'],
    ['supports', false, 'part of it'],
    ['requires-new', true, 'LIMBER_OWN_LOCK'],
    ['requires-new', false, 'kept alone'],
  ]

  it.each(inScope)('%s in a scope that has written: %s, is %s', async (propagation, hasWritten, outcome) => {
    const { app, db } = await open()
    const kept = await app.scope(async () => {
      const session = app.make('db.session')
      if (hasWritten) await session.insert(Author, { name: 'outer' })
      const inner = db.transaction(
        async (own) => {
          await own.insert(Author, { name: 'inner' })
          throw regret
        },
        { propagation },
      )
      const error: unknown = await inner.catch((reason: unknown) => reason)
      if (error !== regret) return Reflect.get(Object(error), 'code')
      const names = (await session.execute<{ name: string }[]>('select name from author')).map(
        ({ name }) => name,
      )
      return names.includes('inner') ? 'part of it' : 'kept alone'
    })
    expect(kept).toBe(outcome)
  })

  it('requires-new commits on its own', async () => {
    const { app, db, titles } = await open()
    const scope = app.scope(async () => {
      await db.transaction((session) => void addBook(session, 'kept'), { propagation: 'requires-new' })
      throw regret
    })
    await expect(scope).rejects.toBe(regret)
    expect(titles()).toEqual([...SHELF, 'kept'])
  })

  it('mandatory outside of a scope is refused', async () => {
    const { db } = await open()
    const inner = db.transaction(() => undefined, { propagation: 'mandatory' })
    await expect(inner).rejects.toMatchObject({ code: 'LIMBER_NO_TRANSACTION' })
  })

  it('a session cannot give another one', async () => {
    const { app } = await open()
    const asked = app.scope(() =>
      app.make('db.session').transactional(() => 1, { propagation: 'requires_new' as 'nested' }),
    )
    await expect(asked).rejects.toMatchObject({ code: 'LIMBER_PROPAGATION' })
  })

  it('an isolation is refused when the transaction is open already', async () => {
    const { app, db } = await open()
    await app.scope(async () => {
      await db.transaction(() => undefined, { isolation: 'serializable' })
      const late = db.transaction(() => undefined, { isolation: 'serializable' })
      await expect(late).rejects.toMatchObject({ code: 'LIMBER_ISOLATION' })
    })
  })
})
