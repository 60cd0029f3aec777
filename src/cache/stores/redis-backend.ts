/** @module Texts on a Redis server. */
import { CountOutOfRangeError, NotACountError } from '../../application/cache-stores/errors.ts'
import type { StoreBackend } from '../../application/cache-stores/store-backend.ts'
import type { StoredCount, StoredText } from '../../application/ports/cache-store.ts'
import { boundOf, decodeEnd, decodeEntry, encodeEntry } from './encoded-entry.ts'
import type { RedisConnection } from './redis-connection.ts'
import { scriptsOf } from './redis-scripts.ts'

const BATCH = 1_000

export class RedisBackend implements StoreBackend {
  readonly #connection: RedisConnection

  constructor(connection: RedisConnection) {
    this.#connection = connection
  }

  async get(keys: readonly string[]): Promise<(StoredText | undefined)[]> {
    const values = await this.#connection.run((client) => client.mget([...keys]))
    return values.map((value) => (value === null ? undefined : decodeEntry(value)))
  }

  async set(key: string, entry: StoredText, now: number): Promise<void> {
    const bound = boundOf(entry.expiresAt, now)
    await this.#connection.run((client) =>
      bound === undefined
        ? client.set(key, encodeEntry(entry))
        : client.set(key, encodeEntry(entry), 'PX', bound),
    )
  }

  async replace(
    key: string,
    expected: string | undefined,
    entry: StoredText | undefined,
    now: number,
  ): Promise<boolean> {
    const isExpecting = expected === undefined ? '0' : '1'
    const value = entry ? encodeEntry(entry) : ''
    const bound = boundOf(entry?.expiresAt, now)
    const replaced = await this.#connection.run((client) =>
      scriptsOf(client).limberReplace(key, now, isExpecting, expected ?? '', value, String(bound ?? '')),
    )
    return replaced === 1
  }

  async increment(key: string, by: number, expiresAt: number | undefined, now: number): Promise<StoredCount> {
    const bound = boundOf(expiresAt, now)
    const [digits, ending = ''] = await this.#connection.run((client) =>
      scriptsOf(client).limberIncrement(key, now, by, String(expiresAt ?? ''), String(bound ?? '')),
    )
    if (digits === 'not a count') throw new NotACountError(key)
    if (digits === 'out of range') throw new CountOutOfRangeError(key, by)
    return { count: Number(digits), expiresAt: decodeEnd(ending) }
  }

  async delete(keys: readonly string[]): Promise<void> {
    for (let first = 0; first < keys.length; first += BATCH) {
      await this.#connection.run((client) => client.unlink(keys.slice(first, first + BATCH)))
    }
  }

  async clear(beginning: string): Promise<void> {
    const pattern = `${beginning.replace(/[\\*?[]/g, '\\$&')}*`
    let cursor = '0'
    do {
      const [next, keys] = await this.#connection.run((client) =>
        client.scan(cursor, 'MATCH', pattern, 'COUNT', BATCH),
      )
      await this.delete(keys)
      cursor = next
    } while (cursor !== '0')
  }

  async ping(): Promise<void> {
    await this.#connection.run((client) => client.ping())
  }

  async close(): Promise<void> {
    await this.#connection.close()
  }
}
