import { Application } from 'limber'
import { CacheServiceProvider, memoryStore } from 'limber/cache'
import { DatabaseServiceProvider, fromUrl, Model } from 'limber/database'
import { Entity, Property } from 'limber/database/mapping'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { tempFolder } from '../database/support/library-application.ts'

@Entity()
class Reader extends Model {
  @Property()
  name!: string

  @Property({ hidden: true })
  card!: string
}

async function openReaders(url = 'sqlite:readers.sqlite') {
  const config = {
    app: { name: 'readers', models: [Reader], providers: [] },
    database: { default: 'main', connections: { main: fromUrl(url) } },
    cache: { stores: { main: memoryStore() } },
  }
  const providers = [DatabaseServiceProvider, CacheServiceProvider]
  const app = new Application({
    root: tempFolder(),
    config,
    providers: providers.map((Provider) => (app: Application) => new Provider(app)),
  })
  app.instance('log', pino({ level: 'silent' }))
  await app.boot()
  onTestFinished(() => app.stop())
  await app.ready()
  await app.make('db.connection').schema.create()
  await app.scope(() => void app.make('db.session').create(Reader, { name: 'Ada', card: 's3cret' }))
  return { app, cache: app.make('cache'), session: () => app.make('db.session') }
}

test('a model is kept as its JSON, without what is hidden', async () => {
  const { app, cache, session } = await openReaders()
  const ada = await app.scope(() => cache.getOrSet('ada', () => session().findOneOrFail(Reader, 1)))
  expect(ada).toMatchObject({ id: 1, name: 'Ada' })
  expect(JSON.stringify([ada, await app.make('cache.store').get(['cache:ada'])])).not.toContain('s3cret')
  expect(await cache.get('ada')).toEqual(ada)
})

test('what is computed shows nothing that a request has not committed, and stays when that is rolled back', async () => {
  const { app, cache, session } = await openReaders()
  const count = () => cache.getOrSet('count', () => session().count(Reader))
  const refused = app.scope(async () => {
    session().create(Reader, { name: 'Eve', card: 'x' })
    await session().flush()
    expect(await count()).toBe(1)
    throw new Error('refused')
  })
  await expect(refused).rejects.toThrow('refused')
  expect(await cache.get('count')).toBe(1)
})

test('a value goes on being computed when the request that began it has ended', async () => {
  const { app, cache, session } = await openReaders()
  const clock = { time: 0, now: () => clock.time }
  app.swap('clock', clock)
  const times = { ttl: 1, grace: 1_000, timeout: 0 }
  await cache.set('count', 0, times)
  clock.time += 1
  const ended = Promise.withResolvers<void>()
  const compute = async () => {
    await ended.promise
    return session().count(Reader)
  }
  expect(await app.scope(() => cache.getOrSet('count', compute, times))).toBe(0)
  ended.resolve()
  await expect.poll(() => cache.get('count')).toBe(1)
})

test('on a database in memory, a request that has written is told that it would wait for itself', async () => {
  const { app, cache, session } = await openReaders('sqlite::memory:')
  const work = app.scope(async () => {
    session().create(Reader, { name: 'Eve', card: 'x' })
    await session().flush()
    return cache.getOrSet('count', () => session().count(Reader))
  })
  await expect(work).rejects.toMatchObject({ code: 'LIMBER_OWN_LOCK' })
})
