import { expect, it } from 'vitest'
import { Author, Book } from './fixtures/library.ts'
import { openLibrary } from './support/library-application.ts'

const HERE = 'overlapping-work.test.ts:'

it('two flushes at once are refused, and named with the remedy', async () => {
  const { app, rows } = await openLibrary()
  const ending = app.scope(async () => {
    const session = app.make('db.session')
    await Promise.all(
      ['Ada', 'Emma'].map(async (name) => {
        session.create(Author, { name })
        await session.flush()
      }),
    )
  })
  await expect(ending).rejects.toMatchObject({
    code: 'LIMBER_OVERLAPPING_WORK',
    message: expect.stringMatching(
      new RegExp(`another flush \\(.*${HERE}\\d+\\) began while a flush \\(.*${HERE}`),
    ),
    hint: expect.stringContaining('db.parallel'),
  })
  expect(rows('select * from author')).toHaveLength(1)
})

it('two transactions of one session at once are refused', async () => {
  const { app, titles } = await openLibrary()
  const db = app.make('db')
  const ending = app.scope(() =>
    Promise.all(
      ['a', 'b'].map((title) =>
        db.transaction(async (session) => {
          await session.nativeUpdate(Book, { id: 1 }, { title })
        }),
      ),
    ),
  )
  await expect(ending).rejects.toMatchObject({
    code: 'LIMBER_OVERLAPPING_WORK',
    message: expect.stringContaining('another transaction'),
  })
  expect(titles()[0]).toBe('Frankenstein')
})

it('a write from outside of a transaction that is going on is refused: it would be undone with it', async () => {
  const { app, rows } = await openLibrary()
  await app.scope(async () => {
    const session = app.make('db.session')
    const begun = Promise.withResolvers<void>()
    const goOn = Promise.withResolvers<void>()
    const transaction = app.make('db').transaction(async () => {
      await session.insert(Author, { name: 'inside' })
      begun.resolve()
      await goOn.promise
    })
    await begun.promise
    await expect(session.insert(Author, { name: 'outside' })).rejects.toMatchObject({
      code: 'LIMBER_OVERLAPPING_WORK',
      message: expect.stringContaining('a write'),
    })
    session.create(Author, { name: 'pending' })
    await expect(session.flush()).rejects.toMatchObject({ code: 'LIMBER_OVERLAPPING_WORK' })
    goOn.resolve()
    await transaction
  })
  expect(rows('select name from author order by id').map(({ name }) => name)).toEqual([
    'Mary Shelley',
    'inside',
    'pending',
  ])
})

it('reads at once, statements at once and transactions one after the other are fine', async () => {
  const { app, rows } = await openLibrary()
  const db = app.make('db')
  await app.scope(async () => {
    const session = app.make('db.session')
    session.create(Author, { name: 'pending' })
    // Both reads have to see it, and flush it first.
    const [first, second] = await Promise.all([session.count(Author), session.find(Author, {})])
    expect([first, second.length]).toEqual([2, 2])
    await Promise.all([session.insert(Author, { name: 'a' }), session.insert(Author, { name: 'b' })])
    await db.transaction(() => Promise.all([session.insert(Author, { name: 'c' }), session.count(Book)]))
    await db.transaction(() => session.insert(Author, { name: 'd' }))
    await session.flush()
    await session.flush()
  })
  expect(rows('select * from author')).toHaveLength(6)
})

it('a flush that nobody awaited is finished before the commit', async () => {
  const { app, rows } = await openLibrary()
  await app.scope(() => {
    const session = app.make('db.session')
    session.create(Author, { name: 'Ada' })
    void session.flush()
  })
  expect(rows('select * from author')).toHaveLength(2)
})
