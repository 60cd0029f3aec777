import { AsyncLocalStorage } from 'node:async_hooks'
import { describe, expect, it } from 'vitest'
import { Author } from './fixtures/library.ts'
import { openLibrary } from './support/library-application.ts'

const outside = AsyncLocalStorage.snapshot()

const insert = (app: Awaited<ReturnType<typeof openLibrary>>['app'], name: string) =>
  app.scope(() => app.make('db.session').insert(Author, { name }))

describe('on a connection that has room for one writer', () => {
  it('work of others waits, and is not refused', async () => {
    const { app, rows } = await openLibrary()
    const others: Promise<unknown>[] = []
    const wrote = Promise.withResolvers<void>()
    const first = app.scope(async () => {
      await app.make('db.session').insert(Author, { name: 'first' })
      wrote.resolve()
      await new Promise((resolve) => setTimeout(resolve, 30))
    })
    await wrote.promise
    for (const name of ['second', 'third']) others.push(insert(app, name))
    await Promise.all([first, ...others])
    expect(rows('select name from author order by id').slice(1)).toEqual([
      { name: 'first' },
      { name: 'second' },
      { name: 'third' },
    ])
  })

  it('work that a scope started and left behind writes once the scope has ended', async () => {
    const { app, rows } = await openLibrary()
    const left: Promise<unknown>[] = []
    await app.scope(async () => {
      await app.make('db.session').insert(Author, { name: 'first' })
      const later = async () => {
        await new Promise((resolve) => setTimeout(resolve, 30))
        await insert(app, 'later')
      }
      left.push(later())
    })
    await Promise.all(left)
    expect(rows('select * from author')).toHaveLength(3)
  })

  it('scopes that write inside scopes that only read are not refused', async () => {
    const { app, rows } = await openLibrary()
    await app.scope(async () => {
      await app.make('db.session').find(Author, {})
      await insert(app, 'inner')
      await app.make('db').parallel([() => insert(app, 'a'), () => insert(app, 'b')])
    })
    expect(rows('select * from author')).toHaveLength(4)
  })

  it('a wait that nobody can see through ends, and names who holds the connection', async () => {
    const { app, rows } = await openLibrary({ database: { writerTimeout: 50 } })
    const ending = app.scope(
      async () => {
        await app.make('db.session').insert(Author, { name: 'outer' })
        // As a request to the own server would be: it starts outside of every scope, and is awaited here.
        await outside(() => insert(app, 'inner'))
      },
      { kind: 'job', label: 'import' },
    )
    await expect(ending).rejects.toMatchObject({
      code: 'LIMBER_WRITER_BUSY',
      kind: 'unavailable',
      message: expect.stringContaining('"job import"'),
    })
    expect(rows('select * from author')).toHaveLength(1)
    await insert(app, 'next')
    expect(rows('select * from author')).toHaveLength(2)
  })
})
