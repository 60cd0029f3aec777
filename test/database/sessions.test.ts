import { expect, it } from 'vitest'
import { Author, Book } from './fixtures/library.ts'
import { bootLibrary, openLibrary } from './support/library-application.ts'

it('one scope has one session, and each scope its own', async () => {
  const { app } = await openLibrary()
  const seen = await Promise.all(
    [1, 2].map(() =>
      app.scope(async () => {
        const session = app.make('db.session')
        await session.findOne(Book, 1)
        expect(app.make('db.session')).toBe(session)
        return session
      }),
    ),
  )
  expect(seen[0]).not.toBe(seen[1])
})

it('a scope inside another is a unit of work of its own', async () => {
  const { app, titles } = await openLibrary()
  await app.scope(async () => {
    const outer = app.make('db.session')
    await app.scope(async () => {
      const inner = app.make('db.session')
      expect(inner).not.toBe(outer)
      inner.create(Book, { title: 'Inner', author: inner.getReference(Author, 1, { wrapped: true }) })
    })
    expect(titles()).toContain('Inner')
  })
})

it('a session outside a scope is refused with the ways to open one', async () => {
  const { app } = await openLibrary()
  const error = (() => {
    try {
      return app.make('db.session')
    } catch (error) {
      return error
    }
  })()
  expect(error).toMatchObject({ code: 'LIMBER_OUTSIDE_SCOPE', hint: expect.stringContaining('app.scope') })
})

it('a scope that never asks for the session begins nothing and opens no file', async () => {
  const { existsSync } = await import('node:fs')
  const { app, file } = await bootLibrary()
  await app.scope(() => undefined)
  expect(existsSync(file)).toBe(false)
})

it('a session that its maker owns commits with each flush', async () => {
  const { app, titles } = await openLibrary()
  const session = app.make('db').openSession()
  const book = await session.findOneOrFail(Book, 1)
  book.title = 'The Modern Prometheus'
  await session.flush()
  expect(titles()[0]).toBe('The Modern Prometheus')
})

it('a row that is not there is an error of the kind not-found', async () => {
  const { app } = await openLibrary()
  const asked = app.scope(() => app.make('db.session').findOneOrFail(Book, 99))
  await expect(asked).rejects.toMatchObject({
    code: 'LIMBER_MODEL_NOT_FOUND',
    kind: 'not-found',
    message: 'There is no Book with id 99.',
  })
  const byName = app.scope(() => app.make('db.session').findOneOrFail(Author, { name: 'Nobody' }))
  await expect(byName).rejects.toMatchObject({ message: 'There is no Author with {"name":"Nobody"}.' })
})
