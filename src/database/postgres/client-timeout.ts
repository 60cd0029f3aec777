/** @module Bounds how long PostgreSQL has to accept one connection. */

interface ClientOptions {
  readonly connectionTimeoutMillis?: number
}

interface PgPool {
  Client: new (options: ClientOptions) => object
}

/**
 * The pool of pg has one timeout for connecting and for waiting in its queue, which are different questions. This one is
 * given to its clients only.
 */
export function limitClients(milliseconds: number): (pool: PgPool) => void {
  return (pool) => {
    const { Client } = pool
    pool.Client = class extends Client {
      constructor(options: ClientOptions) {
        // A copy would lose the password, which the pool keeps from being enumerated.
        super(Object.create(options, { connectionTimeoutMillis: { value: milliseconds } }))
      }
    }
  }
}

export function isTimeoutOfClient(error: Error): boolean {
  return /^(timeout expired|timeout exceeded when trying to connect)$/.test(error.message)
}
