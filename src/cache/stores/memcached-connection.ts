/** @module The connection to one Memcached server: made when it is needed, and made again when it was lost. */
import type { ConnectionOptions } from 'node:tls'
import type { MemcacheNode } from 'memcache'
import { CacheUnavailableError } from '../../application/cache-stores/errors.ts'
import { messageOf } from '../../support/message-of.ts'

export interface MemcachedConnectionOptions {
  /** The name of the store, for messages. */
  readonly name: string
  readonly host: string
  readonly port: number
  /** In milliseconds, for a connection and for an answer. */
  readonly timeout: number
  readonly tls: boolean | ConnectionOptions
}

type CreateNode = typeof import('memcache').createNode

export class MemcachedConnection {
  readonly #options: MemcachedConnectionOptions
  readonly #createNode: CreateNode
  /** Made for each connection: one that was cut off in the middle of an answer has the rest of it in mind. */
  #node: MemcacheNode | undefined
  #connecting: Promise<MemcacheNode> | undefined

  constructor(options: MemcachedConnectionOptions, createNode: CreateNode) {
    this.#options = options
    this.#createNode = createNode
  }

  get place(): string {
    return `memcached://${this.#options.host}:${this.#options.port}`
  }

  /**
   * Sends commands, and gives their answers.
   *
   * @throws {CacheUnavailableError}
   */
  async run<T>(work: (node: MemcacheNode) => Promise<T>): Promise<T> {
    const node = await this.#current()
    try {
      return await work(node)
    } catch (error) {
      // What was not understood may have left something behind that is taken for the next answer.
      if (/^(CLIENT_)?ERROR/.test(messageOf(error))) await node.disconnect()
      throw this.#explain(error)
    }
  }

  async close(): Promise<void> {
    const node = (await this.#connecting?.catch(() => undefined)) ?? this.#node
    await node?.quit()
  }

  async #current(): Promise<MemcacheNode> {
    if (this.#node?.isConnected()) return this.#node
    this.#connecting ??= this.#connect().finally(() => {
      this.#connecting = undefined
    })
    return this.#connecting
  }

  async #connect(): Promise<MemcacheNode> {
    const { host, port, timeout, tls } = this.#options
    const node = this.#createNode(host, port, { timeout, keepAlive: true, tls })
    // The same error rejects the promise; without a listener it would end the process.
    node.on('error', () => undefined)
    try {
      await node.connect()
    } catch (error) {
      await node.disconnect()
      throw this.#explain(error)
    }
    this.#node = node
    return node
  }

  #explain(error: unknown): unknown {
    const hint = messageOf(error).includes('out of memory') ? 'Give the server more memory.' : undefined
    return new CacheUnavailableError(this.#options.name, this.place, error, hint)
  }
}
