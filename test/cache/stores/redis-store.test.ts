import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { redisStore } from 'limber/cache'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { type PrivateRedis, privateRedis } from '../../support/private-redis.ts'
import { areInstalled, runProgram } from '../../support/server-process.ts'
import { describeStore } from './contract.ts'
import { openStore } from './support.ts'

const unavailable = { code: 'LIMBER_CACHE_UNAVAILABLE', kind: 'unavailable' }

if (areInstalled('redis-server', 'redis-cli')) {
  let server: PrivateRedis
  beforeAll(async () => {
    server = await privateRedis('--requirepass', 's3cret')
  })
  afterAll(() => server.remove())

  const cli = (...argv: string[]) =>
    runProgram('redis-cli', ['-p', String(server.port), '-a', 's3cret', '--no-auth-warning', ...argv])
  const url = () => `redis://:s3cret@127.0.0.1:${server.port}`
  const open = () =>
    openStore(redisStore({ url: url(), connectTimeout: 1_000 }), { prefix: randomBytes(4).toString('hex') })

  describeStore('A Redis server', async () => {
    await cli('flushall')
    return { driver: redisStore({ url: url() }) }
  })

  describe('A Redis server that fails', () => {
    it('is an error while it is away, and is used again when it is back', async () => {
      const { store } = await open()
      onTestFinished(() => server.process.start())
      await store.set('cache:a', 'x')
      await store.increment('limit:a', 1)
      const asked = Promise.allSettled(Array.from({ length: 20 }, () => store.increment('limit:a', 1)))
      await server.process.kill()
      for (const end of await asked)
        if (end.status === 'rejected') expect(end.reason).toMatchObject(unavailable)
      await expect(store.get(['cache:a'])).rejects.toMatchObject(unavailable)
      await expect(store.ping()).rejects.toThrow(/ECONNREFUSED/)
      await server.process.start()
      await store.ping()
      // What it knew of scripts is gone as well.
      expect(await store.increment('limit:a', 1)).toMatchObject({ count: 1 })
      expect(await store.replace('cache:a', undefined, 'y')).toBe(true)
    })

    it('need not be there when the application starts or stops', async () => {
      await server.process.stop()
      onTestFinished(() => server.process.start())
      const { app, store } = await open()
      await expect(store.set('cache:a', 'x')).rejects.toMatchObject(unavailable)
      await app.stop()
    })

    it('refuses a wrong password, which no message shows', async () => {
      for (const wrong of [{ password: 'wr0ng' }, { username: 'ada', password: 'wr0ng' }, {}]) {
        const { store } = await openStore(redisStore({ port: server.port, ...wrong }))
        const error = await store.ping().catch((error: unknown) => error)
        expect(error).toMatchObject({ ...unavailable, hint: expect.stringContaining('password') })
        expect(String(error)).toContain(`redis://127.0.0.1:${server.port}/0`)
        expect(JSON.stringify([error, (error as Error).cause])).not.toContain('wr0ng')
        expect(Reflect.get((error as Error).cause as Error, 'command')).toBeUndefined()
      }
    })

    it('refuses a database that it does not have', async () => {
      const { store } = await openStore(redisStore({ url: `${url()}/99` }))
      await expect(store.set('cache:a', 'x')).rejects.toThrow(/out of range/)
    })

    it('is an error when it is full', async () => {
      const { store } = await open()
      onTestFinished(async () => void (await cli('config', 'set', 'maxmemory', '0')))
      await cli('config', 'set', 'maxmemory', '1')
      await expect(store.set('cache:a', 'x')).rejects.toMatchObject({
        ...unavailable,
        hint: expect.stringContaining('memory'),
      })
    })

    it('is an error when it does not answer, and nobody waits for it for ever', async () => {
      const sockets: Socket[] = []
      const silent = createServer((socket) => void sockets.push(socket)).listen(0, '127.0.0.1')
      await once(silent, 'listening')
      onTestFinished(() => {
        for (const socket of sockets) socket.destroy()
        silent.close()
      })
      const address = silent.address()
      const port = typeof address === 'object' ? (address?.port ?? 0) : 0
      const { store } = await openStore(redisStore({ port, connectTimeout: 100, commandTimeout: 100 }))
      await expect(store.ping()).rejects.toMatchObject(unavailable)
    })

    it('is left without a connection when the store is closed', async () => {
      const clients = async () => (await cli('client', 'list')).trim().split('\n').length
      const before = await clients()
      const { store } = await open()
      const asked = Array.from({ length: 10 }, () => store.increment('limit:a', 1))
      await Promise.all(asked)
      expect(await clients()).toBe(before + 1)
      await store.close()
      await expect.poll(clients).toBe(before)
    })
  })

  it('a Redis server keeps what ends not much longer than it lasts', async () => {
    const { store } = await open()
    await store.set('cache:bounded', 'x', 1_000)
    await store.increment('limit:bounded', 1, 1_000)
    await store.increment('limit:bounded', 1)
    const [first, second] = (await cli('keys', '*bounded')).trim().split('\n')
    for (const key of [first ?? '', second ?? '']) {
      const left = Number(await cli('pttl', key))
      expect(left).toBeGreaterThan(1_000)
      expect(left).toBeLessThanOrEqual(61_000)
    }
  })
}

it('a URL that is none of Redis is an error without its password', () => {
  const make = (url: string) => () => redisStore({ url })
  expect(make('http://ada:s3cret@host')).toThrow(expect.objectContaining({ code: 'LIMBER_STORE_URL' }))
  expect(make('redis://ada:s3cret@host/library')).toThrow(/"library" is no number/)
  expect(make('redis://ada:s3cret@host/library')).not.toThrow(/s3cret/)
})
