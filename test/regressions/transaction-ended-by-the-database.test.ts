import { expect, test } from 'vitest'
import { Author } from '../database/fixtures/library.ts'
import { openLibrary } from '../database/support/library-application.ts'

type Library = Awaited<ReturnType<typeof openLibrary>>

const names = ({ rows }: Library) =>
  rows('select name from author where id > 1 order by id').map((row) => row.name)

const nextWrite = ({ app }: Library) =>
  app.scope(() => void app.make('db.session').create(Author, { name: 'next' }))

test('a full disk fails the scope, and the next one works when there is room', async () => {
  const library = await openLibrary()
  const { app, connection } = library
  await connection.execute('pragma max_page_count = 60')
  const scope = app.scope(async () => {
    const session = app.make('db.session')
    for (let i = 0; i < 100; i++) await session.insert(Author, { name: 'x'.repeat(10_000) })
  })
  await expect(scope).rejects.toMatchObject({ code: 'LIMBER_DATABASE_UNAVAILABLE' })
  await connection.execute('pragma max_page_count = 100000')
  await nextWrite(library)
  expect(names(library)).toEqual(['next'])
})

test('nothing is committed when the database has ended the transaction and the failure was caught', async () => {
  const library = await openLibrary()
  const { app } = library
  const scope = app.scope(async () => {
    const session = app.make('db.session')
    await session.insert(Author, { name: 'before' })
    const failure = session.execute("insert or rollback into author (id, name) values (1, 'taken')")
    await expect(failure).rejects.toMatchObject({ code: 'LIMBER_UNIQUE_VIOLATION' })
    await session.insert(Author, { name: 'after' })
  })
  await expect(scope).rejects.toMatchObject({ code: 'LIMBER_TRANSACTION_LOST' })
  await nextWrite(library)
  expect(names(library)).toEqual(['next'])
})

test.each([
  'begin',
  'commit',
  'ROLLBACK',
  ' savepoint a',
  'release a',
  'end',
  '/* why */ commit',
  '-- why\ncommit',
])('"%s" is no statement for a session, whose transaction belongs to its scope', async (statement) => {
  const library = await openLibrary()
  const { app } = library
  const scope = app.scope(async () => {
    const session = app.make('db.session')
    await session.insert(Author, { name: 'before' })
    await session.execute(statement)
  })
  await expect(scope).rejects.toMatchObject({ code: 'LIMBER_TRANSACTION_STATEMENT' })
  await nextWrite(library)
  expect(names(library)).toEqual(['next'])
})
