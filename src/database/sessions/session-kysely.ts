/** @module A Kysely whose statements are part of the unit of work: where each runs is decided when it runs. */
import type { ConnectionType } from '@mikro-orm/core'
import { type GetKyselyOptions, MikroKyselyPlugin, type SqlEntityManager } from '@mikro-orm/sql'
import {
  type CompiledQuery,
  type DatabaseConnection,
  DefaultQueryExecutor,
  Kysely,
  type QueryResult,
} from 'kysely'
import { dialectOf } from '../connections/dialect-of.ts'
import { streamResults } from '../connections/streams.ts'
import { translateErrors, translateRows } from '../connections/translate-errors.ts'
import { kyselyDialect } from './kysely-dialect.ts'
import { readAll } from './open-streams.ts'
import { isPlainRead, refuseImplicitCommit, refuseTransactionStatement } from './statement-kind.ts'

export interface WritingSession extends SqlEntityManager {
  writing<T>(statement: () => Promise<T>): Promise<T>
  reading<T>(statement: () => Promise<T>): Promise<T>
  following<T>(stream: AsyncIterableIterator<T>): AsyncIterableIterator<T>
  readonly readsFrom: ConnectionType
}

type Options = Parameters<DatabaseConnection['executeQuery']>[1]

/** What a connection of the ORM does with each query, so that it is logged and counted; the method is protected there. */
interface Executing {
  executeQuery<T>(sql: string, run: () => Promise<T>, context: object): Promise<T>
}

/**
 * Made from its parts: with a driver of its own, Kysely would let one statement of SQLite wait for the other, also inside
 * the loop over a stream.
 *
 * @param _client says which tables there are, and is not asked for
 */
export function sessionKysely<DB>(
  session: WritingSession,
  _client: () => Kysely<DB>,
  { type, ...naming }: GetKyselyOptions = {},
): Kysely<DB> {
  const connection = new SessionConnection(session, type)
  const dialect = kyselyDialect(dialectOf(session.config) ?? 'sqlite')
  const executor = new DefaultQueryExecutor(dialect.createQueryCompiler(), dialect.createAdapter(), {
    provideConnection: (consumer) => consumer(connection),
  })
  const kysely = new Kysely<DB>({ config: { dialect }, dialect, driver: dialect.createDriver(), executor })
  const isPlain = Object.values(naming).every((value) => value === undefined || value === null)
  return isPlain ? kysely : kysely.withPlugin(new MikroKyselyPlugin(session, naming))
}

class SessionConnection implements DatabaseConnection {
  readonly #session: WritingSession
  readonly #type: ConnectionType | undefined

  constructor(session: WritingSession, type: ConnectionType | undefined) {
    this.#session = session
    this.#type = type
  }

  async executeQuery<R>(compiled: CompiledQuery, options?: Options): Promise<QueryResult<R>> {
    const { sql, parameters } = compiled
    const reads = isPlainRead(this.#session, sql)
    return this.#inSession(sql, reads, async () => {
      const { client, connection } = await this.#client(reads)
      // It is there on every connection of the ORM.
      const executing = connection as unknown as Executing
      const run = () => client.executeQuery<R>(compiled as CompiledQuery<R>, options)
      return executing.executeQuery(sql, run, { query: sql, params: parameters })
    })
  }

  async *streamQuery<R>(
    compiled: CompiledQuery,
    chunkSize: number,
    options?: Options,
  ): AsyncIterableIterator<QueryResult<R>> {
    const reads = isPlainRead(this.#session, compiled.sql)
    const open = async () => {
      const { client } = await this.#client(reads)
      const dialect = dialectOf(this.#session.config)
      return translateRows(this.#session, streamResults<R>(client, dialect, compiled, chunkSize, options))
    }
    const rows = await this.#inSession(compiled.sql, reads, open)
    // The transaction of a statement that has none around it ends with the statement, and not with the loop.
    if (reads || this.#session.isInTransaction()) yield* this.#session.following(rows)
    else yield* await this.#inSession(compiled.sql, reads, async () => readAll(await open()))
  }

  #inSession<T>(sql: string, reads: boolean, statement: () => Promise<T>): Promise<T> {
    refuseTransactionStatement(this.#session, sql)
    const run = () => {
      refuseImplicitCommit(this.#session, sql)
      return translateErrors(this.#session, statement())
    }
    return reads ? this.#session.reading(run) : this.#session.writing(run)
  }

  async #client(reads: boolean) {
    const context = this.#session.getTransactionContext<Kysely<unknown>>()
    const place = this.#type ?? this.#session.readsFrom
    const connection = this.#session.getConnection(context || !reads ? 'write' : place)
    await connection.ensureConnection()
    return { connection, client: context ?? connection.getClient<unknown>() }
  }
}
