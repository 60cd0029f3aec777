/** @module Streams that nothing has to wait for: while one is read, its transaction goes on to read and to write. */
import type { AbstractSqlConnection } from '@mikro-orm/sql'
import { CompiledQuery, type Kysely, type QueryResult } from 'kysely'
import { StreamEndedError } from '../sessions/session-errors.ts'
import type { Dialect } from './driver.ts'

type Options = Parameters<Kysely<unknown>['executeQuery']>[1]

let cursors = 0

/** Makes the streams of a connection of the ORM such streams. */
export function guardStreams(connection: AbstractSqlConnection, dialect: Dialect): void {
  const stream = connection.stream.bind(connection)
  connection.stream = async function* (query, params, ctx, logging, chunkSize) {
    await connection.ensureConnection()
    const client: Kysely<unknown> = ctx ?? connection.getClient()
    // All that a stream of the ORM asks of its client.
    const streaming = {
      getExecutor: () => ({
        stream: (compiled: CompiledQuery, size: number, options?: Options) =>
          streamResults(client, dialect, compiled, size, options),
      }),
    }
    yield* stream(query, params, streaming as never, logging, chunkSize)
  }
}

/**
 * Outside of a transaction a server streams on a connection of its own. In one, PostgreSQL has cursors, which leave the
 * connection free between their steps; MySQL and MariaDB send everything or nothing, and SQLite has one connection.
 */
export async function* streamResults<R>(
  client: Kysely<unknown>,
  dialect: Dialect | undefined,
  compiled: CompiledQuery,
  chunk: number,
  options?: Options,
): AsyncIterableIterator<QueryResult<R>> {
  const chunkSize = chunk >= 1 ? Math.floor(chunk) : 1
  yield* dialect !== 'sqlite' && !client.isTransaction
    ? client.getExecutor().stream<R>(compiled as CompiledQuery<R>, chunkSize, options)
    : dialect === 'postgres' && takesCursor(compiled.sql)
      ? throughCursor<R>(client, compiled, chunkSize, options)
      : wholeResult<R>(client, compiled, chunkSize, options)
}

async function* wholeResult<R>(
  client: Kysely<unknown>,
  compiled: CompiledQuery,
  chunkSize: number,
  options?: Options,
): AsyncIterableIterator<QueryResult<R>> {
  const { rows } = await client.executeQuery<R>(compiled as CompiledQuery<R>, options)
  for (let start = 0; start < rows.length; start += chunkSize) {
    yield { rows: rows.slice(start, start + chunkSize) }
  }
}

async function* throughCursor<R>(
  client: Kysely<unknown>,
  { sql, parameters }: CompiledQuery,
  chunkSize: number,
  options?: Options,
): AsyncIterableIterator<QueryResult<R>> {
  const cursor = `limber_stream_${++cursors}`
  const run = (text: string, values: readonly unknown[] = [], abort?: Options) =>
    client.executeQuery<R>(CompiledQuery.raw(text, [...values]) as CompiledQuery<R>, abort)
  await run(`declare ${cursor} no scroll cursor for ${sql}`, parameters, options)
  try {
    while (true) {
      if (isOver(client)) throw new StreamEndedError()
      const { rows } = await run(`fetch forward ${chunkSize} from ${cursor}`, [], options)
      if (rows.length > 0) yield { rows }
      if (rows.length < chunkSize) return
    }
  } finally {
    // In a transaction that has failed nothing can be asked, and its end closes the cursor.
    const isOpen = isOver(client)
      ? undefined
      : await run(`select 1 from pg_cursors where name = '${cursor}'`).catch(() => undefined)
    // To close one that was undone with its savepoint would fail, and undo the whole transaction.
    if (isOpen?.rows.length) await run(`close ${cursor}`)
  }
}

/** A statement that writes has no cursor. */
function takesCursor(sql: string): boolean {
  if (/^\s*with\b/i.test(sql)) return !/\b(insert|update|delete|merge)\b/i.test(sql)
  return /^\s*(select|values)\b/i.test(sql)
}

function isOver(client: Kysely<unknown>): boolean {
  return Reflect.get(client, 'isCommitted') === true || Reflect.get(client, 'isRolledBack') === true
}
