import { randomBytes } from 'node:crypto'
import { memcachedStore } from 'limber/cache'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { type PrivateMemcached, privateMemcached } from '../../support/private-memcached.ts'
import { areInstalled } from '../../support/server-process.ts'
import { tcpProxy } from '../../support/tcp-proxy.ts'
import { describeStore } from './contract.ts'
import { openStore } from './support.ts'

const unavailable = { code: 'LIMBER_CACHE_UNAVAILABLE', kind: 'unavailable' }

if (areInstalled('memcached')) {
  let one: PrivateMemcached
  let two: PrivateMemcached
  beforeAll(async () => {
    one = await privateMemcached()
    two = await privateMemcached()
  })
  afterAll(async () => {
    await one.process.kill()
    await two.process.kill()
  })

  const restart = async (...servers: PrivateMemcached[]) => {
    for (const server of servers) {
      await server.process.kill()
      await server.process.start()
    }
  }
  const addressOf = ({ port }: { readonly port: number }) => `127.0.0.1:${port}`
  const open = (...servers: PrivateMemcached[]) =>
    openStore(memcachedStore({ servers: servers.map(addressOf) }), { prefix: randomBytes(4).toString('hex') })

  describeStore('A Memcached server', async () => {
    await restart(one)
    return { driver: memcachedStore({ servers: [addressOf(one)] }) }
  })

  describe('Memcached servers', () => {
    it('divide the keys among them', async () => {
      const { store } = await open(one, two)
      const keys = Array.from({ length: 200 }, (_, index) => `cache:${index}`)
      for (const key of keys) await store.set(key, key)
      expect((await store.get(keys)).map((entry) => entry?.text)).toEqual(keys)
      await store.clear('cache')
      expect((await store.get(keys)).filter((entry) => entry !== undefined)).toEqual([])
    })

    it('are an error while they are away, and are used again when they are back', async () => {
      const { store } = await open(one)
      onTestFinished(() => one.process.start())
      await store.set('cache:a', 'x')
      const asked = Promise.allSettled(Array.from({ length: 20 }, () => store.increment('limit:a', 1)))
      await one.process.kill()
      for (const end of await asked) {
        if (end.status === 'rejected') expect(end.reason).toMatchObject(unavailable)
      }
      await expect(store.get(['cache:a'])).rejects.toMatchObject(unavailable)
      await expect(store.ping()).rejects.toThrow(/ECONNREFUSED/)
      await one.process.start()
      await store.ping()
      expect(await store.get(['cache:a'])).toEqual([undefined])
      expect(await store.increment('limit:a', 1)).toMatchObject({ count: 1 })
    })

    it('need not be there when the application starts or stops', async () => {
      await one.process.stop()
      onTestFinished(() => one.process.start())
      const { app, store } = await open(one)
      await expect(store.set('cache:a', 'x')).rejects.toMatchObject(unavailable)
      await app.stop()
    })

    it('refuse what is too large for them', async () => {
      const { store } = await open(one)
      await expect(store.set('cache:a', 'x'.repeat(1_100_000))).rejects.toMatchObject({
        code: 'LIMBER_CACHE_VALUE_TOO_LARGE',
        message: expect.stringContaining(':cache:a"'),
      })
      await store.set('cache:a', 'x')
      expect((await store.get(['cache:a']))[0]?.text).toBe('x')
    })

    it('forget what they have no room for, and answer nothing in its place', async () => {
      const small = await privateMemcached('-m', '2')
      onTestFinished(() => small.process.kill())
      const { store } = await open(small)
      const keys = Array.from({ length: 400 }, (_, index) => `cache:${index}`)
      for (const key of keys) await store.set(key, `${key} ${'x'.repeat(20_000)}`)
      const texts = (await store.get(keys)).map((entry) => entry?.text.split(' ')[0])
      expect(texts.filter((text, index) => text !== undefined && text !== keys[index])).toEqual([])
      expect(texts).toContain(undefined)
      await store.set('cache:a', 'x')
      expect((await store.get(['cache:a']))[0]?.text).toBe('x')
    })

    it('are an error when they do not answer, and nobody waits for them for ever', async () => {
      const proxy = await tcpProxy('127.0.0.1', one.port)
      proxy.freeze()
      const { store } = await openStore(memcachedStore({ servers: [addressOf(proxy)], timeout: 100 }))
      await expect(store.ping()).rejects.toMatchObject(unavailable)
    })

    it('are asked on another connection when the network has lost one', async () => {
      const proxy = await tcpProxy('127.0.0.1', one.port)
      const { store } = await openStore(memcachedStore({ servers: [addressOf(proxy)], timeout: 100 }))
      await store.set('cache:a', 'x')
      proxy.stall()
      await expect(store.get(['cache:a'])).rejects.toMatchObject(unavailable)
      expect((await store.get(['cache:a']))[0]?.text).toBe('x')
    })
  })
}

it('a server that is no host and port is an error', () => {
  for (const servers of [[], [''], ['a b'], ['http://host'], ['host:port']]) {
    expect(() => memcachedStore({ servers })).toThrow(expect.objectContaining({ code: 'LIMBER_STORE_URL' }))
  }
})
