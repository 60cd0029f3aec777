/** @module Ends the streams of a connection that is gone: mysql2 tells only those who wait for a whole result. */
import { EventEmitter } from 'node:events'
import type { MySqlConnection } from '@mikro-orm/mysql'

interface RawConnection extends EventEmitter {
  query(...args: unknown[]): unknown
}

/** Several connections of the ORM may have the same pool. */
const watched = new WeakSet<object>()

/** Has to be called before the connection is used, which is when its pool is made. */
export function endStreams(connection: MySqlConnection): void {
  const connect = connection.connect.bind(connection)
  connection.connect = async (options) => {
    await connect(options)
    const pool = await connection.getNativeClient()
    // The first queries connect at once, and find the same pool.
    if (watched.has(pool)) return
    watched.add(pool)
    // What the pool announces is a connection without promises, which its types do not say.
    pool.on('connection', (raw) => watch(raw as unknown as RawConnection))
  }
}

function watch(raw: RawConnection): void {
  const query = raw.query.bind(raw)
  raw.query = (...args) => {
    // A callback is told by mysql2.
    if (typeof args.at(-1) === 'function') return query(...args)
    let command: unknown
    const fail = (error: Error) =>
      // Also when the connection is gone before there is a stream to tell.
      setImmediate(() => command instanceof EventEmitter && command.emit('error', error))
    raw.once('error', fail)
    command = query(...args)
    if (command instanceof EventEmitter) {
      for (const event of ['end', 'error']) command.once(event, () => raw.off('error', fail))
    }
    return command
  }
}
