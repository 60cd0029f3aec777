import { expect, test } from 'vitest'
import { Author, Book } from '../database/fixtures/library.ts'
import { openLibrary } from '../database/support/library-application.ts'

test('half a flush is never committed, also when its failure was caught', async () => {
  const { app, rows } = await openLibrary()
  const scope = app.scope(async () => {
    const session = app.make('db.session')
    session.create(Author, { name: 'first half' })
    session.create(Book, { title: 'second half', author: 999 })
    await expect(session.flush()).rejects.toMatchObject({ code: 'LIMBER_CONSTRAINT_VIOLATION' })
    session.clear()
  })
  // Either the scope fails, or the first half is taken back by itself.
  await scope.catch((error: unknown) => expect(error).toMatchObject({ kind: 'conflict' }))
  expect(rows('select name from author')).toEqual([{ name: 'Mary Shelley' }])
  await app.scope(() => void app.make('db.session').create(Author, { name: 'next' }))
  expect(rows('select name from author where id > 1')).toEqual([{ name: 'next' }])
})
