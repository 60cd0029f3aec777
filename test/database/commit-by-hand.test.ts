import type { Application } from 'limber'
import type { Session } from 'limber/database'
import { pino } from 'pino'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { Author, Book } from './fixtures/library.ts'
import { openLibrary } from './support/library-application.ts'

function addBook(session: Session, title: string) {
  return session.create(Book, { title, author: session.getReference(Author, 1, { wrapped: true }) })
}

const byHand = { autoCommit: false }
const SHELF = ['Frankenstein', 'The Last Man']

/** An application that does not know that it is tested, and what it logs. */
async function openInProduction() {
  vi.stubEnv('NODE_ENV', 'production')
  onTestFinished(() => void vi.unstubAllEnvs())
  const library = await openLibrary()
  const lines: { level: number; msg: string; kind?: string }[] = []
  const log = pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) })
  library.app.swap('log', log)
  return { ...library, lines }
}

/** Changes everything that can be forgotten. */
async function forget(app: Application) {
  const session = app.make('db.session')
  const [first, second] = await session.find(Book, {}, { orderBy: { id: 1 } })
  if (!first || !second) throw new Error('the shelf is empty')
  first.title = 'changed'
  session.remove(second)
  addBook(session, 'Mathilda')
}

const FORGOTTEN = 'Book 1: title; Book: new (title, author); Book 2: removed'

describe('autoCommit: false', () => {
  it('commits what was flushed by hand', async () => {
    const { app, titles } = await openLibrary()
    await app.scope(async () => {
      addBook(app.make('db.session'), 'by hand')
      await app.make('db.session').flush()
    }, byHand)
    expect(titles()).toEqual([...SHELF, 'by hand'])
  })

  it('is an error in tests when something was forgotten, with entity and property', async () => {
    const { app, titles } = await openLibrary()
    await expect(app.scope(() => forget(app), byHand)).rejects.toMatchObject({
      code: 'LIMBER_UNFLUSHED_CHANGES',
      message: expect.stringContaining(FORGOTTEN.split('; ')[0] ?? ''),
      faults: expect.arrayContaining([
        { path: 'Book 1', message: 'title' },
        { path: 'Book', message: 'new (title, author)' },
        { path: 'Book 2', message: 'removed' },
      ]),
    })
    expect(titles()).toEqual(SHELF)
  })

  it('is a warning elsewhere, and keeps what was flushed', async () => {
    const { app, titles, lines } = await openInProduction()
    await app.scope(
      async () => {
        addBook(app.make('db.session'), 'by hand')
        await app.make('db.session').flush()
        await forget(app)
      },
      { ...byHand, kind: 'job' },
    )
    expect(titles()).toEqual([...SHELF, 'by hand'])
    expect(lines).toEqual([
      expect.objectContaining({ level: 40, kind: 'job', msg: expect.stringContaining('Book 1: title') }),
    ])
  })

  it('of the configuration is the default of every scope, which may say otherwise', async () => {
    const { app, titles } = await openLibrary({ database: { autoCommit: false } })
    const add = () => void addBook(app.make('db.session'), 'Mathilda')
    await expect(app.scope(add)).rejects.toMatchObject({ code: 'LIMBER_UNFLUSHED_CHANGES' })
    await app.scope(add, { autoCommit: true })
    expect(titles()).toEqual([...SHELF, 'Mathilda'])
  })

  it('says nothing when nothing was forgotten, or when the scope fails anyway', async () => {
    const { app, lines } = await openInProduction()
    await app.scope(() => app.make('db.session').find(Book, {}), byHand)
    const failing = app.scope(async () => {
      await forget(app)
      throw new Error('regret')
    }, byHand)
    await expect(failing).rejects.toThrow('regret')
    expect(lines).toEqual([])
  })

  it('leaves a transaction to flush what it did', async () => {
    const { app, titles } = await openLibrary()
    await app.scope(() => app.make('db').transaction((session) => void addBook(session, 'Mathilda')), byHand)
    expect(titles()).toEqual([...SHELF, 'Mathilda'])
  })
})

describe('a read-only scope', () => {
  const readOnly = { readOnly: true, label: 'report' }

  it('reads', async () => {
    const { app } = await openLibrary()
    expect(await app.scope(() => app.make('db.session').count(Book), readOnly)).toBe(2)
  })

  it.each<[string, (app: Application) => unknown]>([
    [
      'a change',
      async (app) => Object.assign(await app.make('db.session').findOneOrFail(Book, 1), { title: 'x' }),
    ],
    ['a new entity', (app) => void addBook(app.make('db.session'), 'x')],
    [
      'a removal',
      async (app) => void app.make('db.session').remove(await app.make('db.session').findOneOrFail(Book, 1)),
    ],
    ['a statement', (app) => app.make('db.session').nativeUpdate(Book, { id: 1 }, { title: 'x' })],
    ['raw SQL', (app) => app.make('db.session').execute("update book set title = 'x'")],
    [
      'a query builder',
      (app) => app.make('db.session').createQueryBuilder(Book).update({ title: 'x' }).execute(),
    ],
    ['a transaction', (app) => app.make('db').transaction(() => undefined)],
    ['begin()', (app) => app.make('db.session').begin()],
  ])('refuses %s', async (_what, write) => {
    const { app, titles } = await openLibrary()
    const ending = app.scope(async () => void (await write(app)), readOnly)
    await expect(ending).rejects.toMatchObject({ code: 'LIMBER_READ_ONLY_SCOPE' })
    expect(titles()).toEqual(SHELF)
  })

  it('names what was changed, also where flushing is left to the code', async () => {
    const { app } = await openLibrary()
    const ending = app.scope(() => forget(app), { ...readOnly, autoCommit: false })
    await expect(ending).rejects.toMatchObject({
      message: expect.stringMatching(/The scope "scope report" is read-only.*Book 1: title/),
      faults: expect.arrayContaining([{ path: 'Book 1', message: 'title' }]),
    })
  })
})
