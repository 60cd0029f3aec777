import { connectionNameOf } from 'limber/database'
import { describe, expect, it } from 'vitest'
import { execute, migration, places } from '../migrations/place.ts'
import { everyKind } from '../modules/support/modules.ts'
import { succeed } from '../support/library-application.ts'
import { botOf, databases, openBot } from './bot-databases.ts'

const KEY = { bot: 1, update: 10 }
const CALLS = [{ method: 'sendMessage', payload: {} }]
const TABLES = ['limber_bot_members', 'limber_bot_rules', 'limber_bot_states', 'limber_bot_updates']
const NAME = '20260101000001_a'

describe.each(await places())('with the tables of a bot on $title', ({ create }) => {
  it('no command of migrations sees or drops them', async () => {
    const place = await create()
    place.write({ [NAME]: migration('A', execute('select 1')) })
    const test = await place.open()
    await succeed(test, 'db', 'migrate')
    const { store, unit } = await botOf(test.app)
    await test.app.make('db.bot-rules')?.prepare()
    await unit(() => store.record(KEY, CALLS, 1, 2))
    expect(await succeed(test, 'db', 'status')).not.toContain('limber_bot')
    expect(await succeed(test, 'db', 'check')).not.toContain('limber_bot')
    expect(await succeed(test, 'db', 'verify')).not.toContain('limber_bot')
    expect(await succeed(test, 'db', 'makemigrations', '-m', 'more')).not.toContain('limber_bot')
    await place.rows('create table extra (id integer)')
    expect(await succeed(test, 'db', 'fresh', '--force')).not.toContain('limber_bot')
    await expect(place.rows('select id from extra')).rejects.toThrow()
    expect(await store.isHandled(KEY)).toBe(true)
    expect(await store.takeWaiting(1, 2, 3, 1)).toHaveLength(1)
    expect(await test.app.make('db.bot-rules')?.rules(1)).toEqual([])
  })
})

it.each(databases)('an update of the schema by the models leaves them on $title', async ({ create }) => {
  const { app, store, unit } = await openBot(await create())
  await app.make('db.bot-rules')?.prepare()
  await unit(() => store.record(KEY, CALLS, 1, 2))
  await app.make('db.connection').schema.update()
  expect(await store.isHandled(KEY)).toBe(true)
  expect(await app.make('db.bot-rules')?.members(1)).toEqual([])
})

it.each(await everyKind())('a module has tables of its own on $title', async ({ open }) => {
  const { app, add } = await open()
  const { connection } = await add('shop')
  const main = await botOf(app)
  const shop = await botOf(app, connectionNameOf('shop'))
  await shop.unit(async () => {
    await shop.store.record(KEY, CALLS, 1, 2)
    await shop.store.writeState(
      { bot: 1, module: 'shop', chat: 1, user: 1 },
      { name: 's', data: {}, expiresAt: 1 },
    )
  })
  await connection.schema.update()
  expect(await main.store.isHandled(KEY)).toBe(false)
  expect(await shop.store.isHandled(KEY)).toBe(true)
  expect(await shop.rows('select name from limber_bot_states')).toEqual([{ name: 's' }])
  await shop.store.prune(1, 0, 1)
  expect(await shop.rows('select name from limber_bot_states')).toEqual([])
  expect(await shop.store.takeWaiting(1, 2, 3, 1)).toHaveLength(1)
})

it.each(databases)('they are made once on $title, also where some are missing', async ({ create }) => {
  const { store, app, rows } = await openBot(await create())
  await app.make('db.bot-rules')?.prepare()
  await rows('drop table limber_bot_states')
  await store.prepare()
  for (const table of TABLES) expect(await rows(`select 1 from ${table}`)).toEqual([])
})
