import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { inspect } from 'node:util'
import { redisStore } from 'limber/cache'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { makeCertificates } from '../../support/certificates.ts'
import { type PrivateRedis, privateRedis } from '../../support/private-redis.ts'
import { areInstalled, runProgram } from '../../support/server-process.ts'
import { tcpProxy } from '../../support/tcp-proxy.ts'
import { describeStore } from './contract.ts'
import { openStore } from './support.ts'

const unavailable = { code: 'LIMBER_CACHE_UNAVAILABLE', kind: 'unavailable' }

if (areInstalled('redis-server', 'redis-cli')) {
  let server: PrivateRedis
  beforeAll(async () => {
    server = await privateRedis({ password: 's3cret' })
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
        expect(`${JSON.stringify(error)} ${inspect(error, { depth: 9, showHidden: true })}`).not.toContain(
          'wr0ng',
        )
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

    it('is an error when it has become a copy, and is asked on another connection', async () => {
      const clients = async () => (await cli('client', 'list', 'type', 'normal')).trim().split('\n').length
      const before = await clients()
      const { store } = await open()
      await store.set('cache:a', 'x')
      onTestFinished(async () => void (await cli('replicaof', 'no', 'one')))
      await cli('replicaof', '127.0.0.1', '1')
      await expect(store.set('cache:a', 'y')).rejects.toThrow(/READONLY/)
      await expect.poll(clients).toBe(before)
      await cli('replicaof', 'no', 'one')
      await store.set('cache:a', 'z')
      expect((await store.get(['cache:a']))[0]?.text).toBe('z')
    })

    it('is an error when it does not answer, and nobody waits for it for ever', async () => {
      const proxy = await tcpProxy('127.0.0.1', server.port)
      proxy.freeze()
      const { store } = await openStore(
        redisStore({ port: proxy.port, connectTimeout: 100, commandTimeout: 100 }),
      )
      await expect(store.ping()).rejects.toMatchObject(unavailable)
    })

    it('is asked on another connection when the network has lost one', async () => {
      const proxy = await tcpProxy('127.0.0.1', server.port)
      const { port } = proxy
      const { store } = await openStore(redisStore({ port, password: 's3cret', commandTimeout: 100 }))
      await store.set('cache:a', 'x')
      proxy.stall()
      await expect(store.get(['cache:a'])).rejects.toMatchObject(unavailable)
      expect((await store.get(['cache:a']))[0]?.text).toBe('x')
    })

    it('is an error while it answers nothing, and is used again when it does', async () => {
      const { store } = await openStore(redisStore({ url: url(), commandTimeout: 100 }))
      await store.set('cache:a', 'x')
      onTestFinished(async () => void (await cli('client', 'unpause')))
      await cli('client', 'pause', '20000', 'write')
      await expect(store.set('cache:a', 'y')).rejects.toThrow(/timed out/)
      await cli('client', 'unpause')
      await store.set('cache:a', 'z')
      expect((await store.get(['cache:a']))[0]?.text).toBe('z')
    })

    it('is an error while it only loads what it keeps', async () => {
      const sockets: Socket[] = []
      const loading = createServer((socket) => {
        sockets.push(socket)
        const info = 'loading:1\r\nloading_eta_seconds:1\r\n'
        socket.on('data', (data) => {
          for (const [, command = ''] of String(data).matchAll(/\*\d+\r\n\$\d+\r\n(\w+)/g)) {
            socket.write(/info/i.test(command) ? `$${info.length}\r\n${info}\r\n` : '+OK\r\n')
          }
        })
      }).listen(0, '127.0.0.1')
      await once(loading, 'listening')
      onTestFinished(() => {
        for (const socket of sockets) socket.destroy()
        loading.close()
      })
      const address = loading.address()
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

  it("what another program keeps on a Redis server is not there, and in nobody's way", async () => {
    const { store } = await open()
    await store.set('cache:foreign', 'x')
    const key = (await cli('keys', '*cache:foreign')).trim()
    const foreign = async () => {
      await cli('del', key)
      await cli('rpush', key, 'a', 'b')
    }
    await foreign()
    expect(await store.get(['cache:foreign'])).toEqual([undefined])
    expect(await store.replace('cache:foreign', 'x', 'y')).toBe(false)
    expect(await store.replace('cache:foreign', undefined, 'y')).toBe(true)
    await foreign()
    expect(await store.increment('cache:foreign', 1)).toMatchObject({ count: 1 })
  })

  it('forgotten scripts of a Redis server are sent again', async () => {
    const { store } = await open()
    await store.increment('limit:a', 1)
    await cli('script', 'flush')
    const counts = await Promise.all(Array.from({ length: 20 }, () => store.increment('limit:a', 1)))
    expect(counts.map(({ count }) => count).at(-1)).toBe(21)
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

if (areInstalled('redis-server', 'openssl')) {
  it('a Redis server that speaks TLS is used when its certificate is trusted', async () => {
    const certificates = await makeCertificates()
    onTestFinished(() => certificates.remove())
    const server = await privateRedis({ tls: certificates })
    onTestFinished(() => server.remove())
    const url = `rediss://127.0.0.1:${server.port}`
    const { store } = await openStore(redisStore({ url, tls: { ca: certificates.ca } }))
    await store.set('cache:a', 'x')
    expect((await store.get(['cache:a']))[0]?.text).toBe('x')
    const untrusting = await openStore(redisStore({ url }))
    await expect(untrusting.store.ping()).rejects.toThrow(/certificate/)
    const plain = await openStore(redisStore({ url: url.replace('rediss', 'redis') }))
    await expect(plain.store.ping()).rejects.toMatchObject(unavailable)
  })
}

it('a URL that is none of Redis is an error without its password', () => {
  const make = (url: string) => () => redisStore({ url })
  expect(make('http://ada:s3cret@host')).toThrow(expect.objectContaining({ code: 'LIMBER_STORE_URL' }))
  expect(make('redis://ada:s3cret@host/library')).toThrow(/"library" is no number/)
  expect(make('redis://ada:s3cret%@host')).toThrow(/"%25"/)
  expect(make('redis://ada:s3cret@host/library')).not.toThrow(/s3cret/)
})
