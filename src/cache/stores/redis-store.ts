/** @module Keeps things on a Redis server. */
import type { ConnectionOptions } from 'node:tls'
import { ClockedStore } from '../../application/cache-stores/clocked-store.ts'
import type { CacheStoreDriver } from '../../application/ports/cache-store.ts'
import { StoreUrlError } from './errors.ts'
import { RedisBackend } from './redis-backend.ts'
import { RedisConnection, type RedisServer } from './redis-connection.ts'

export interface RedisStoreOptions {
  /** `redis://user:password@host:6379/0`, or `rediss://…` for TLS. What else is given counts more. */
  readonly url?: string
  /** Default: 127.0.0.1. */
  readonly host?: string
  /** Default: 6379. */
  readonly port?: number
  readonly username?: string
  readonly password?: string
  /** The number of the database; default: 0. */
  readonly db?: number
  /** True checks the certificate by the authorities of Node.js; default: false, or what the URL says. */
  readonly tls?: boolean | ConnectionOptions
  /** How long a connection may take, in milliseconds; default: 2,000. */
  readonly connectTimeout?: number
  /** How long an answer may take, in milliseconds; default: 2,000. */
  readonly commandTimeout?: number
}

/**
 * Keeps things on a Redis server (6 or newer), shared by all processes that know it. It connects when it is first used, and again after the
 * server was away.
 *
 * @throws {StoreUrlError} when the URL is none of Redis
 * @example
 * ```ts
 * import { env } from 'limber'
 * import { defineCache, redisStore } from 'limber/cache'
 *
 * export default defineCache({ stores: { main: redisStore({ url: env.string('REDIS_URL') }) } })
 * ```
 */
export function redisStore(options: RedisStoreOptions = {}): CacheStoreDriver {
  const { connectTimeout = 2_000, commandTimeout = 2_000 } = options
  const server = serverOf(options)
  const place = `${server.tls ? 'rediss' : 'redis'}://${server.host}:${server.port}/${server.db}`
  return {
    name: 'redis',
    open(facts) {
      const { name } = facts
      const connection = new RedisConnection({ name, place, server, connectTimeout, commandTimeout })
      return new ClockedStore(new RedisBackend(connection), facts)
    },
  }
}

function serverOf(options: RedisStoreOptions): RedisServer {
  const url = options.url === undefined ? undefined : fieldsOf(options.url)
  const { username = url?.username, password = url?.password, tls = url?.tls } = options
  return {
    host: options.host ?? url?.host ?? '127.0.0.1',
    port: options.port ?? url?.port ?? 6379,
    db: options.db ?? url?.db ?? 0,
    ...(username ? { username } : {}),
    ...(password ? { password } : {}),
    ...(tls ? { tls: tls === true ? {} : tls } : {}),
  }
}

function fieldsOf(text: string): RedisStoreOptions {
  const url = URL.parse(text)
  if (!url || !/^rediss?:$/.test(url.protocol)) throw new StoreUrlError(text, 'it is none of Redis.')
  if (url.search !== '') throw new StoreUrlError(text, `"${url.search}" has no meaning in it.`)
  const [, db] = /^\/?(\d*)\/?$/.exec(url.pathname) ?? []
  if (db === undefined)
    throw new StoreUrlError(text, `"${url.pathname.slice(1)}" is no number of a database.`)
  return {
    ...(url.hostname === '' ? {} : { host: url.hostname.replace(/^\[(.*)\]$/, '$1') }),
    ...(url.port === '' ? {} : { port: Number(url.port) }),
    db: Number(db),
    username: decode(text, url.username),
    password: decode(text, url.password),
    tls: url.protocol === 'rediss:',
  }
}

function decode(url: string, part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw new StoreUrlError(
      url,
      'its username or password has a "%" that stands for nothing; write it as "%25".',
    )
  }
}
