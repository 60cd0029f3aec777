/** @module Bounds how long PostgreSQL has to accept one connection, and to end a cursor. */
import type { EventEmitter } from 'node:events'
import { cursorEnder } from './cursor-end.ts'

interface ClientOptions {
  readonly connectionTimeoutMillis?: number
}

interface PgClient extends EventEmitter {
  query(...args: unknown[]): unknown
}

interface PgPool {
  Client: new (options: ClientOptions) => PgClient
}

/**
 * The pool of pg has one timeout for connecting and for waiting in its queue, which are different questions. This one is
 * given to its clients only.
 */
export function limitClients(milliseconds: number): (pool: PgPool) => void {
  return (pool) => {
    const { Client } = pool
    pool.Client = class extends Client {
      readonly #endCursor = cursorEnder(this)

      constructor(options: ClientOptions) {
        // A copy would lose the password, which the pool keeps from being enumerated.
        super(Object.create(options, { connectionTimeoutMillis: { value: milliseconds } }))
      }

      override query(...args: unknown[]): unknown {
        this.#endCursor(args[0])
        return super.query(...args)
      }
    }
  }
}

export function isTimeoutOfClient(error: Error): boolean {
  return /^(timeout expired|timeout exceeded when trying to connect)$/.test(error.message)
}
