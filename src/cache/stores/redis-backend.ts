/** @module Texts on a Redis server. */
import { CountOutOfRangeError, NotACountError } from '../../application/cache-stores/errors.ts'
import type { StoreBackend } from '../../application/cache-stores/store-backend.ts'
import type { StoredCount, StoredText } from '../../application/ports/cache-store.ts'
import type { RedisConnection } from './redis-connection.ts'
import { scriptsOf } from './redis-scripts.ts'

/** How much longer than it lasts the server keeps a value, in milliseconds: its end is judged by the clock of the application. */
const MARGIN = 60_000
const BATCH = 1_000

export class RedisBackend implements StoreBackend {
  readonly #connection: RedisConnection

  constructor(connection: RedisConnection) {
    this.#connection = connection
  }

  async get(keys: readonly string[]): Promise<(StoredText | undefined)[]> {
    const values = await this.#connection.run((client) => client.mget([...keys]))
    return values.map((value) => (value === null ? undefined : entryOf(value)))
  }

  async set(key: string, entry: StoredText, now: number): Promise<void> {
    const bound = boundOf(entry.expiresAt, now)
    await this.#connection.run((client) =>
      bound === '' ? client.set(key, encode(entry)) : client.set(key, encode(entry), 'PX', bound),
    )
  }

  async replace(
    key: string,
    expected: string | undefined,
    entry: StoredText | undefined,
    now: number,
  ): Promise<boolean> {
    const isExpecting = expected === undefined ? '0' : '1'
    const value = entry ? encode(entry) : ''
    const bound = boundOf(entry?.expiresAt, now)
    const replaced = await this.#connection.run((client) =>
      scriptsOf(client).limberReplace(key, now, isExpecting, expected ?? '', value, bound),
    )
    return replaced === 1
  }

  async increment(key: string, by: number, expiresAt: number | undefined, now: number): Promise<StoredCount> {
    const bound = boundOf(expiresAt, now)
    const [digits, ending = ''] = await this.#connection.run((client) =>
      scriptsOf(client).limberIncrement(key, now, by, String(expiresAt ?? ''), bound),
    )
    if (digits === 'not a count') throw new NotACountError(key)
    if (digits === 'out of range') throw new CountOutOfRangeError(key, by)
    return { count: Number(digits), expiresAt: endOf(ending) }
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

function encode({ text, expiresAt }: StoredText): string {
  return `${expiresAt ?? ''}:${text}`
}

/** Undefined for what another program keeps there. */
function entryOf(value: string): StoredText | undefined {
  const [whole, ending = ''] = /^(\d*):/.exec(value) ?? []
  return whole === undefined ? undefined : { text: value.slice(whole.length), expiresAt: endOf(ending) }
}

function endOf(digits: string): number | undefined {
  return digits === '' ? undefined : Number(digits)
}

function boundOf(expiresAt: number | undefined, now: number): string {
  return expiresAt === undefined ? '' : String(Math.max(1, Math.ceil(expiresAt - now + MARGIN)))
}
