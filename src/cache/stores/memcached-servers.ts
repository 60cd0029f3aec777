/** @module The Memcached servers of a store, among which keys are divided, and the commands that it sends to them. */
import type { Memcache } from 'memcache'
import { loadFeature } from '../../support/load-feature.ts'
import { messageOf } from '../../support/message-of.ts'
import { CacheValueTooLargeError } from './errors.ts'
import { MemcachedConnection, type MemcachedConnectionOptions } from './memcached-connection.ts'

/** So many keys fit into a line of every version. */
const BATCH = 40

export interface MemcachedServersOptions extends Omit<MemcachedConnectionOptions, 'host' | 'port'> {
  readonly servers: readonly string[]
}

/** What is there, and which version of it. */
export interface Versioned {
  readonly value: string | undefined
  /** Undefined where nothing is. */
  readonly token: string | undefined
}

export interface Storing {
  /** `cas` stores in place of the version of a token, `add` where nothing is. */
  readonly how: 'set' | 'add' | 'cas'
  /** What messages call the key. */
  readonly title: string
  readonly value: string
  /** Undefined for ever. */
  readonly seconds?: number | undefined
  readonly token?: string | undefined
}

interface Ring {
  readonly client: Memcache
  readonly connections: ReadonlyMap<string, MemcachedConnection>
}

/** Keys are at most 250 letters without blanks. */
export class MemcachedServers {
  readonly #options: MemcachedServersOptions
  #ring: Promise<Ring> | undefined

  constructor(options: MemcachedServersOptions) {
    this.#options = options
  }

  async get(keys: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const { client, connections } = await this.#open()
    const byServer = Map.groupBy(new Set(keys), (key) => serverOf(client, key))
    const found = new Map<string, string>()
    const asked = [...byServer].flatMap(([server, all]) =>
      inBatches(all).map(async (batch) => {
        for (const [key, value] of await getFrom(connections.get(server), batch)) found.set(key, value)
      }),
    )
    await Promise.all(asked)
    return found
  }

  /** The version is read before the value: a newer value is then refused by `cas`, and one that came after nothing is not seen. */
  async getVersioned(key: string): Promise<Versioned> {
    const connection = await this.#connectionOf(key)
    const [line, found] = await Promise.all([
      connection.run((node) => node.command(`mg ${key} c`)),
      getFrom(connection, [key]),
    ])
    const token = /^HD c(\d+)$/.exec(String(line))?.[1]
    return { value: token === undefined ? undefined : found[0]?.[1], token }
  }

  /**
   * Gives whether the value was stored.
   *
   * @throws {CacheValueTooLargeError}
   */
  async store(key: string, { how, title, value, seconds = 0, token = '' }: Storing): Promise<boolean> {
    const connection = await this.#connectionOf(key)
    const size = Buffer.byteLength(value)
    const line = `${how} ${key} 0 ${seconds} ${size} ${token}`.trimEnd()
    try {
      return (await connection.run((node) => node.command(`${line}\r\n${value}`))) === 'STORED'
    } catch (error) {
      if (/object too large/.test(messageOf(error))) throw new CacheValueTooLargeError(title, size, undefined)
      throw error
    }
  }

  /** Gives whether something was there to delete. @param token deletes this version only */
  async delete(key: string, token?: string): Promise<boolean> {
    const connection = await this.#connectionOf(key)
    const version = token === undefined ? '' : ` C${token}`
    return (await connection.run((node) => node.command(`md ${key}${version}`))) === 'HD'
  }

  async ping(): Promise<void> {
    const { connections } = await this.#open()
    const asked = [...connections.values()].map((connection) =>
      connection.run((node) => node.command('version')),
    )
    await Promise.all(asked)
  }

  async close(): Promise<void> {
    const ring = await this.#ring?.catch(() => undefined)
    await Promise.all([...(ring?.connections.values() ?? [])].map((connection) => connection.close()))
  }

  #open(): Promise<Ring> {
    this.#ring ??= this.#load().catch((error: unknown) => {
      this.#ring = undefined
      throw error
    })
    return this.#ring
  }

  async #load(): Promise<Ring> {
    const what = 'memcachedStore() in config/cache.ts'
    const { Memcache, createNode } = await loadFeature('memcache', what, () => import('memcache'))
    const client = new Memcache({ nodes: [...this.#options.servers], lazyConnect: true })
    const connections = client.nodes.map(
      ({ id, host, port }) =>
        [id, new MemcachedConnection({ ...this.#options, host, port }, createNode)] as const,
    )
    return { client, connections: new Map(connections) }
  }

  async #connectionOf(key: string): Promise<MemcachedConnection> {
    const { client, connections } = await this.#open()
    return known(connections.get(serverOf(client, key)))
  }
}

/** Only the ring of the client is used: what its own commands are refused, they do not tell. */
function serverOf(client: Memcache, key: string): string {
  return client.hash.getNodesByKey(key)[0]?.id ?? ''
}

function known(connection: MemcachedConnection | undefined): MemcachedConnection {
  if (!connection) throw new TypeError('memcachedStore() has no servers.')
  return connection
}

async function getFrom(
  connection: MemcachedConnection | undefined,
  keys: readonly string[],
): Promise<readonly (readonly [string, string])[]> {
  const options = { isMultiline: true, requestedKeys: [...keys] }
  // The command answers so when it was told its keys.
  const answer = (await known(connection).run((node) => node.command(`get ${keys.join(' ')}`, options))) as {
    readonly values?: readonly string[]
    readonly foundKeys: readonly string[]
  }
  return answer.foundKeys.map((key, index) => [key, answer.values?.[index] ?? ''] as const)
}

function inBatches(keys: readonly string[]): (readonly string[])[] {
  return Array.from({ length: Math.ceil(keys.length / BATCH) }, (_, index) =>
    keys.slice(index * BATCH, (index + 1) * BATCH),
  )
}
