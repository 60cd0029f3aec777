import { Application, HealthServiceProvider, ServiceProvider } from 'limber'
import { type CacheConfig, CacheServiceProvider, memoryStore } from 'limber/cache'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { sharedStore } from './support.ts'

class SilentServiceProvider extends ServiceProvider {
  override register() {
    this.app.instance('log', pino({ level: 'silent' }))
  }
}

async function boot(cache?: CacheConfig) {
  const providers = [SilentServiceProvider, HealthServiceProvider, CacheServiceProvider]
  const app = new Application({
    root: process.cwd(),
    config: cache ? { cache } : {},
    providers: providers.map((Provider) => (app: Application) => new Provider(app)),
  })
  onTestFinished(() => app.stop())
  return app.boot()
}

test('without config/cache.ts an application works as long as it keeps nothing', async () => {
  const app = await boot()
  expect(await app.scope(() => 1)).toBe(1)
  expect((await app.make('health').report()).checks).toEqual({})
  expect(() => app.make('cache')).toThrow(expect.objectContaining({ code: 'LIMBER_CACHE_CONFIG_MISSING' }))
})

test('every fault of the configuration is told when the application boots', async () => {
  const config = {
    stores: { main: memoryStore(), shared: memoryStore() },
    locks: 'shraed',
    limits: 'x',
    ttl: 0,
    prefix: 'shop'.repeat(13),
  }
  const error = await boot(config).catch((error: unknown) => error)
  expect(error).toMatchObject({
    cause: {
      code: 'LIMBER_INVALID_CACHE_CONFIG',
      faults: [
        { path: 'locks', message: expect.stringContaining('"shared"') },
        { path: 'limits' },
        { path: 'default' },
        { path: 'ttl' },
        { path: 'prefix' },
      ],
    },
  })
  for (const faulty of [{ stores: {} }, { ...config, prefix: '' }])
    await expect(boot(faulty)).rejects.toMatchObject({ cause: { code: 'LIMBER_INVALID_CACHE_CONFIG' } })
})

test('a provider that asks for the cache before it has booted is told of the faults as well', async () => {
  const app = new Application({
    root: process.cwd(),
    config: { cache: { stores: { main: memoryStore(), shared: memoryStore() } } },
    providers: [],
  })
  onTestFinished(() => app.stop())
  new CacheServiceProvider(app).register()
  await expect(app.makeAsync('cache.stores')).rejects.toMatchObject({
    code: 'LIMBER_INVALID_CACHE_CONFIG',
    faults: [{ path: 'default' }],
  })
})

test.each([
  [undefined, 'ok'],
  [true, 'failing'],
] as const)(
  'a store that is away is told, and takes processes out of rotation when essential is %s',
  async (essential, status) => {
    let isAway = false
    const other = sharedStore(() => {
      if (isAway) throw new Error('the server is away')
    })
    const stores = { main: memoryStore(), other }
    const app = await boot({ stores, default: 'main', ...(essential && { essential }) })
    await app.ready(['cache.health'])
    expect((await app.make('health').report()).checks).toEqual({ cache: 'ok' })
    isAway = true
    expect(await app.make('health').report()).toEqual({ status, checks: { cache: 'failing' } })
  },
)

test('a store in the memory of the process is told to those who would start several', async () => {
  const inMemory = await boot({ stores: { main: sharedStore(), near: memoryStore() }, default: 'main' })
  expect(inMemory.tagged('process memory')).toMatchObject([{ name: expect.stringContaining('"near"') }])
  const shared = await boot({ stores: { main: sharedStore() } })
  expect(shared.tagged('process memory')).toEqual([])
})
