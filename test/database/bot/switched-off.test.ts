import { ConnectionNotFoundError, fromUrl } from 'limber/database'
import { expect, it } from 'vitest'
import { bootLibrary, openLibrary } from '../support/library-application.ts'

it('a connection that is switched off has no store, and one that is not there is named', async () => {
  const { app } = await bootLibrary({
    driver: fromUrl('null:'),
    models: [],
    connections: { other: fromUrl('sqlite::memory:') },
  })
  await app.ready(['db.updates', 'db.bot-rules'])
  const updates = app.make('db.updates')
  expect([updates.on(), updates.on('main'), app.make('db.bot-rules')]).toEqual([
    undefined,
    undefined,
    undefined,
  ])
  expect(updates.on('other')).toBe(updates.on('other'))
  expect(() => updates.on('others')).toThrow(ConnectionNotFoundError)
})

it('the store of a connection that is added again is another one', async () => {
  const { app } = await openLibrary()
  await app.ready(['db.updates'])
  const add = () =>
    app.make('db').add({ name: 'shop', driver: fromUrl('sqlite::memory:'), models: [], module: 'shop' })
  await add()
  const first = app.make('db.updates').on('shop')
  await app.make('db').remove('shop')
  await add()
  const second = app.make('db.updates').on('shop')
  expect(first === second).toBe(false)
  await second?.prepare()
  expect(await second?.isHandled({ bot: 1, update: 1 })).toBe(false)
})
