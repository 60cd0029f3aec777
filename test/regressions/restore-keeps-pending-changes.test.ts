import { expect, test } from 'vitest'
import { Book } from '../database/fixtures/library.ts'
import { openLibrary } from '../database/support/library-application.ts'

test('restoring an entity writes its pending changes too', async () => {
  const { app, titles } = await openLibrary()
  await app.scope(async () => {
    const session = app.make('db.session')
    session.remove(await session.findOneOrFail(Book, 1))
  })
  await app.scope(async () => {
    const session = app.make('db.session')
    const book = await session.findOneOrFail(Book, 1, { withTrashed: true })
    book.title = 'Changed'
    await session.restore(book)
  })
  expect(titles()).toEqual(['Changed', 'The Last Man'])
})

test('removing an entity takes its pending changes back, in memory too', async () => {
  const { app, titles } = await openLibrary()
  const book = await app.scope(async () => {
    const session = app.make('db.session')
    const removed = await session.findOneOrFail(Book, 1)
    removed.title = 'Changed'
    session.remove(removed)
    await session.flush()
    expect(removed.title).toBe('Frankenstein')
    await session.restore(removed)
    return removed
  })
  expect(book.title).toBe('Frankenstein')
  expect(titles()).toEqual(['Frankenstein', 'The Last Man'])
})
