/** @module The connection of a Redis store: made when it is needed, and made again when it was lost. */
import { once } from 'node:events'
import type { ConnectionOptions } from 'node:tls'
import type { Redis } from 'ioredis'
import { CacheUnavailableError } from '../../application/cache-stores/errors.ts'
import { loadFeature } from '../../support/load-feature.ts'
import { messageOf } from '../../support/message-of.ts'
import { REDIS_SCRIPTS } from './redis-scripts.ts'

export interface RedisServer {
  readonly host: string
  readonly port: number
  readonly db: number
  readonly username?: string
  readonly password?: string
  readonly tls?: ConnectionOptions
}

export interface RedisConnectionOptions {
  /** The name of the store, and where its server is without a password: for messages. */
  readonly name: string
  readonly place: string
  readonly server: RedisServer
  readonly connectTimeout: number
  readonly commandTimeout: number
}

export class RedisConnection {
  readonly #options: RedisConnectionOptions
  /** A client has one connection in its life: the next one is that of the next client. */
  #client: Redis | undefined
  #connecting: Promise<Redis> | undefined

  constructor(options: RedisConnectionOptions) {
    this.#options = options
  }

  /**
   * Runs commands on the connection, which is made before where there is none.
   *
   * @throws {CacheUnavailableError} @throws {PackageMissingError}
   */
  async run<T>(work: (client: Redis) => Promise<T>): Promise<T> {
    const client = await this.#current()
    try {
      return await work(client)
    } catch (error) {
      // Whoever does not answer may never do again, and another server may have taken the place of one that has become a copy.
      if (/^(Command timed out$|READONLY )/.test(messageOf(error))) this.#forget(client)
      throw this.#explain(error)
    }
  }

  /** What has been sent is answered before. */
  async close(): Promise<void> {
    const client = await this.#connecting?.catch(() => undefined)
    const open = client ?? this.#client
    if (!open || open.status === 'end') return
    const ended = once(open, 'end')
    await open.quit().catch(() => open.disconnect())
    await ended
  }

  async #current(): Promise<Redis> {
    if (this.#client?.status === 'ready') return this.#client
    this.#connecting ??= this.#connect().finally(() => {
      this.#connecting = undefined
    })
    return this.#connecting
  }

  async #connect(): Promise<Redis> {
    const { server, connectTimeout, commandTimeout } = this.#options
    const ioredis = await loadFeature('ioredis', 'redisStore() in config/cache.ts', () => import('ioredis'))
    const client = new ioredis.Redis({
      ...server,
      scripts: REDIS_SCRIPTS,
      connectTimeout,
      commandTimeout,
      disconnectTimeout: 100,
      // Version 2 of the protocol is spoken by every server.
      protocol: 2,
      lazyConnect: true,
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      retryStrategy: () => null,
    })
    // The promise below only says that the connection was closed; the reason is an event.
    let reason: unknown
    client.on('error', (error: unknown) => {
      reason ??= error
    })
    // A server that is loading its data, or that accepts connections and is silent, may not be waited for either.
    const timer = setTimeout(() => client.disconnect(), connectTimeout + commandTimeout)
    try {
      await client.connect()
      // A database that does not exist is an event only: the next command would go to another one.
      if (reason !== undefined) throw reason
    } catch (error) {
      client.disconnect()
      throw this.#explain(reason ?? error)
    } finally {
      clearTimeout(timer)
    }
    this.#client = client
    return client
  }

  #forget(client: Redis): void {
    if (this.#client === client) this.#client = undefined
    client.disconnect()
  }

  #explain(error: unknown): unknown {
    // Commands stand on the errors of their replies, those with the password as well.
    if (error instanceof Error) Reflect.deleteProperty(error, 'command')
    const { name, place } = this.#options
    return new CacheUnavailableError(name, place, error, hintFor(messageOf(error)))
  }
}

function hintFor(message: string): string | undefined {
  if (/WRONGPASS|NOAUTH|NOPERM|invalid password/i.test(message)) {
    return 'Correct username and password of the store in config/cache.ts.'
  }
  if (message.startsWith('OOM')) return 'Give the server more memory, or a policy that evicts keys.'
  return undefined
}
