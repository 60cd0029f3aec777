import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { Author } from '../database/fixtures/library.ts'
import { openLibrary } from '../database/support/library-application.ts'

type Library = Awaited<ReturnType<typeof openLibrary>>

const names = ({ rows }: Library) =>
  rows('select name from author where id > 1 order by id').map((row) => row.name)

/** What comes after has to work: a lock that is left behind would make it wait for ever. */
const nextWrite = ({ app }: Library) =>
  app.scope(() => void app.make('db.session').create(Author, { name: 'next' }))

test('a write that is begun and not awaited is part of the unit of work', async () => {
  const library = await openLibrary()
  const { app } = library
  await app.scope(() => {
    void app.make('db.session').insert(Author, { name: 'begun' })
  })
  await nextWrite(library)
  expect(names(library)).toEqual(['begun', 'next'])
})

test('a write after the end of its scope is refused, and blocks nobody', async () => {
  const library = await openLibrary()
  const { app } = library
  const late = Promise.withResolvers<void>()
  const outcome = await app.scope(() => {
    const session = app.make('db.session')
    const write = late.promise.then(() => {
      session.create(Author, { name: 'late' })
      return session.flush()
    })
    return { write }
  })
  late.resolve()
  await expect(outcome.write).rejects.toMatchObject({ code: 'LIMBER_SESSION_CLOSED' })
  await nextWrite(library)
  expect(names(library)).toEqual(['next'])
})

test('a write that follows the failure of a parallel one is refused, and blocks nobody', async () => {
  const library = await openLibrary()
  const { app } = library
  let second: Promise<unknown> | undefined
  const scope = app.scope(async () => {
    const session = app.make('db.session')
    second = delay(20).then(() => session.insert(Author, { name: 'second' }))
    second.catch(() => undefined)
    await Promise.all([session.insert(Author, { id: 1, name: 'taken' }), second])
  })
  await expect(scope).rejects.toMatchObject({ code: 'LIMBER_UNIQUE_VIOLATION' })
  await expect(second).rejects.toMatchObject({ code: 'LIMBER_SESSION_CLOSED' })
  await nextWrite(library)
  expect(names(library)).toEqual(['next'])
})
