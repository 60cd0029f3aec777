/** @module The stores that locks and limits are tried on, each in a place of its own. */
import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { fileStore, memcachedStore, memoryStore, redisStore } from 'limber/cache'
import { databaseStore } from 'limber/database'
import { afterAll, beforeAll } from 'vitest'
import { administer, isThere, MARIADB, POSTGRES, type Server } from '../database/support/servers.ts'
import { emptyFolder } from '../support/app-folder.ts'
import { type PrivateMemcached, privateMemcached } from '../support/private-memcached.ts'
import { type PrivateRedis, privateRedis } from '../support/private-redis.ts'
import { areInstalled, runProgram } from '../support/server-process.ts'
import type { StorePlace } from './stores/contract.ts'

export interface StoreUnderTest {
  readonly title: string
  /** Opens it, with nothing in it. */
  readonly open: () => Promise<OpenPlace>
}

interface OpenPlace extends StorePlace {
  /** Writes the same store in JavaScript for the configuration of other processes; undefined where they have another one. */
  readonly code?: string
}

/** Starts the servers that are needed for this file, and ends them with it. */
export async function everyStore(): Promise<readonly StoreUnderTest[]> {
  const databases: StoreUnderTest[] = []
  for (const server of [POSTGRES, MARIADB]) if (await isThere(server)) databases.push(database(server))
  return [
    { title: 'the memory of the process', open: async () => ({ driver: memoryStore(), isShared: false }) },
    {
      title: 'a file',
      open: async () => {
        const options = { folder: emptyFolder() }
        return { driver: fileStore(options), code: codeOf('fileStore', options) }
      },
    },
    ...(areInstalled('redis-server', 'redis-cli') ? [redis()] : []),
    ...(areInstalled('memcached') ? [memcached()] : []),
    {
      title: 'a database of SQLite',
      open: async () => {
        const options = { url: `sqlite:${path.join(emptyFolder(), 'app.sqlite')}` }
        return { driver: databaseStore(options), code: codeOf('databaseStore', options) }
      },
    },
    ...databases,
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
      const options = { url: `redis://127.0.0.1:${server.port}` }
      return { driver: redisStore(options), code: codeOf('redisStore', options) }
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
      const options = { servers: [`127.0.0.1:${server.port}`] }
      return { driver: memcachedStore(options), code: codeOf('memcachedStore', options) }
    },
  }
}

function database(server: Server): StoreUnderTest {
  const name = `limber_limits_${process.pid}_${randomBytes(4).toString('hex')}`
  const address = new URL(server.url)
  address.pathname = `/${name}`
  beforeAll(() => administer(server, `create database ${name}`))
  afterAll(() => administer(server, `drop database ${name}${server === POSTGRES ? ' with (force)' : ''}`))
  let tables = 0
  return {
    title: `a database of ${server.title}`,
    open: async () => {
      const options = { url: address.href, table: `cache_${++tables}` }
      return { driver: databaseStore(options), code: codeOf('databaseStore', options) }
    },
  }
}

function codeOf(make: string, options: object): string {
  return `${make}(${JSON.stringify(options)})`
}
