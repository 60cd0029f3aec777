/** @module One pool for all who share a server, each with a place of its own there. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { MikroORM } from '@mikro-orm/core'
import type { AbstractSqlConnection } from '@mikro-orm/sql'
import type { DatabaseConnection, Dialect, Driver } from 'kysely'
import { CompiledQuery } from 'kysely'
import type { DriverOptions } from '../connections/driver.ts'
import { acquireWithin, type PoolFacts } from '../connections/pool-guard.ts'
import { ConnectionClosedError } from '../modules/errors.ts'

/** What the next connection of a pool is wanted for; nothing for the server itself. */
const wanted = new AsyncLocalStorage<string | undefined>()

/** A connection that is opened in a unit of work would hold on to that one for as long as it stays in the pool. */
const outside = AsyncLocalStorage.snapshot()

/** Makes a pool of the client give each connection in the place that it is wanted for. */
export type EnterPlaces = (pool: object, wantedPlace: () => string | undefined) => void

export type RunOnServer = (
  sql: string,
  parameters?: readonly unknown[],
) => Promise<readonly Readonly<Record<string, unknown>>[]>

export class SharedPool {
  readonly #orm: MikroORM
  readonly #driver: Driver
  readonly #dialect: Dialect
  readonly #client: object
  readonly #facts: PoolFacts
  readonly #counts = { inUse: 0 }

  private constructor(orm: MikroORM, { dialect, driver }: Made, client: object, facts: PoolFacts) {
    this.#orm = orm
    this.#dialect = dialect
    this.#driver = driver
    this.#client = client
    this.#facts = facts
  }

  /** It belongs to no module: what the client remembers of who made its pool would keep the code of that module alive. */
  static open(options: DriverOptions, enter: EnterPlaces, facts: PoolFacts): Promise<SharedPool> {
    return outside(async () => {
      const orm = new MikroORM({
        ...options,
        entities: [],
        discovery: { warnWhenNoEntities: false },
        logger: () => undefined,
      })
      // Every driver of the ORM for SQL has such a connection.
      const connection = orm.em.getDriver().getConnection() as AbstractSqlConnection
      const made = captureDriver(connection)
      await connection.connect({ skipOnConnect: true })
      const client = await nativeClientOf(connection)
      enter(client, () => wanted.getStore())
      await made().driver.init()
      return new SharedPool(orm, made(), client, facts)
    })
  }

  /** Makes a connection of the ORM, which has not been used yet, take its connections from here. */
  lend(connection: AbstractSqlConnection, place: string, name: string): void {
    const dialect = this.#dialectFor(place, name)
    connection.createKyselyDialect = () => dialect
    Object.assign(connection, { getNativeClient: async () => this.#client })
  }

  /** Runs statements on the server, in the place of nobody. */
  async onServer<T>(fn: (run: RunOnServer) => Promise<T>): Promise<T> {
    const connection = await this.#acquire(undefined)
    try {
      return await fn(async (sql, parameters = []) => {
        const query = CompiledQuery.raw(sql, [...parameters])
        return (await connection.executeQuery<Readonly<Record<string, unknown>>>(query)).rows
      })
    } finally {
      await this.#release(connection)
    }
  }

  async end(): Promise<void> {
    await this.#driver.destroy()
    await this.#orm.close()
  }

  async #acquire(place: string | undefined): Promise<DatabaseConnection> {
    const acquiring = outside(() => wanted.run(place, () => this.#driver.acquireConnection()))
    // Each user has such a limit of its own, and knows of its own connections only.
    const connection = await acquireWithin(acquiring, this.#facts, this.#driver, this.#counts)
    this.#counts.inUse++
    return connection
  }

  #release(connection: DatabaseConnection): Promise<void> {
    this.#counts.inUse--
    return this.#driver.releaseConnection(connection)
  }

  #dialectFor(place: string, name: string): Dialect {
    const dialect = this.#dialect
    return {
      createAdapter: () => dialect.createAdapter(),
      createIntrospector: (db) => dialect.createIntrospector(db),
      createQueryCompiler: () => dialect.createQueryCompiler(),
      createDriver: () => this.#viewOf(place, name),
    }
  }

  /** The pool as one of its users sees it: that one ends its share, and not the pool. */
  #viewOf(place: string, name: string): Driver {
    let isOver = false
    const view: Partial<Driver> = {
      init: async () => undefined,
      acquireConnection: async () => {
        if (isOver) throw new ConnectionClosedError(name)
        return this.#acquire(place)
      },
      releaseConnection: (connection) => this.#release(connection),
      destroy: async () => {
        isOver = true
      },
    }
    return new Proxy(this.#driver, {
      get(target, property) {
        const value: unknown = Reflect.get(view, property) ?? Reflect.get(target, property)
        // Private fields are those of the driver itself, not of this proxy.
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
  }
}

interface Made {
  readonly dialect: Dialect
  readonly driver: Driver
}

/** The ORM keeps the driver of a connection to itself; it is made when the connection is first used. */
function captureDriver(connection: AbstractSqlConnection): () => Made {
  let made: Made | undefined
  const create = connection.createKyselyDialect.bind(connection)
  const capture = (dialect: Dialect): Dialect => {
    const driver = dialect.createDriver()
    made = { dialect, driver }
    return {
      createAdapter: () => dialect.createAdapter(),
      createIntrospector: (db) => dialect.createIntrospector(db),
      createQueryCompiler: () => dialect.createQueryCompiler(),
      createDriver: () => driver,
    }
  }
  connection.createKyselyDialect = (overrides) => {
    const dialect = create(overrides)
    return dialect instanceof Promise ? dialect.then(capture) : capture(dialect)
  }
  return () => {
    if (!made) throw new Error('The connection of the ORM has made no driver.')
    return made
  }
}

async function nativeClientOf(connection: AbstractSqlConnection): Promise<object> {
  // Those of servers have it; it gives the pool of the client.
  return (connection as unknown as { getNativeClient(): Promise<object> }).getNativeClient()
}
