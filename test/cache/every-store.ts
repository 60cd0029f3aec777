/** @module The stores that locks and limits are tried on, each in a place of its own. */
import { fileStore, memcachedStore, memoryStore, redisStore } from 'limber/cache'
import { afterAll, beforeAll } from 'vitest'
import { emptyFolder } from '../support/app-folder.ts'
import { type PrivateMemcached, privateMemcached } from '../support/private-memcached.ts'
import { type PrivateRedis, privateRedis } from '../support/private-redis.ts'
import { areInstalled, runProgram } from '../support/server-process.ts'
import type { StorePlace } from './stores/contract.ts'

export interface StoreUnderTest {
  readonly title: string
  /** Opens it, with nothing in it. */
  readonly open: () => Promise<StorePlace>
}

/** Starts the servers that are needed for this file, and ends them with it. */
export function everyStore(): readonly StoreUnderTest[] {
  return [
    { title: 'the memory of the process', open: async () => ({ driver: memoryStore(), isShared: false }) },
    { title: 'a file', open: async () => ({ driver: fileStore({ folder: emptyFolder() }) }) },
    ...(areInstalled('redis-server', 'redis-cli') ? [redis()] : []),
    ...(areInstalled('memcached') ? [memcached()] : []),
  ]
}

function redis(): StoreUnderTest {
  let server: PrivateRedis
  beforeAll(async () => {
    server = await privateRedis()
  })
  afterAll(() => server.remove())
  return {
    title: 'a Redis server',
    open: async () => {
      await runProgram('redis-cli', ['-p', String(server.port), 'flushall'])
      return { driver: redisStore({ url: `redis://127.0.0.1:${server.port}` }) }
    },
  }
}

function memcached(): StoreUnderTest {
  let server: PrivateMemcached
  beforeAll(async () => {
    server = await privateMemcached()
  })
  afterAll(() => server.process.kill())
  return {
    title: 'a Memcached server',
    open: async () => {
      await server.process.kill()
      await server.process.start()
      return { driver: memcachedStore({ servers: [`127.0.0.1:${server.port}`] }) }
    },
  }
}
