/** @module The PostgreSQL driver. */
import type { DatabaseConnection } from 'kysely'
import type { Driver, DriverOptions } from '../connections/driver.ts'
import { loadPackage } from '../server/load-package.ts'
import {
  DEFAULT_ACQUIRE_TIMEOUT,
  DEFAULT_CONNECT_TIMEOUT,
  poolOf,
  type ServerAddress,
  type ServerOptions,
} from '../server/server-config.ts'
import { labelOf, type NamedTarget, replicaOf, targetOf } from '../server/server-target.ts'
import { compact, type ServerTarget } from '../server/server-url.ts'
import { isSocketError } from '../server/unreachable.ts'
import { isTimeoutOfClient, limitClients } from './client-timeout.ts'

export type PostgresConfig = ServerAddress &
  ServerOptions & {
    /** The schema of the tables; default `public`. `db migrate` creates it. */
    readonly schema?: string
    /** How this application is named in `pg_stat_activity`. */
    readonly applicationName?: string
  }

/** SQLSTATE classes and codes that speak of the server or the session: connection, login, shutdown, no room. */
/** 08P01 is left out: the server refuses a message, such as a text with a NUL, and goes on. */
const UNAVAILABLE = /^(08(?!P01)...|28...|57P0[1-5]|53[0-4]00|3D000)$/
/** Messages of pg that come without a code. */
const BROKEN = /^(Connection terminated|Client (was closed|has encountered)|Cannot use a pool after)/

/**
 * Configures a PostgreSQL database, by its URL or by fields.
 *
 * @throws {DatabaseAddressError}
 * @example
 * ```ts
 * import { env } from 'limber'
 * import { defineDatabase } from 'limber/database'
 * import { postgres } from 'limber/database/postgres'
 *
 * export default defineDatabase({
 *   default: 'main',
 *   connections: {
 *     main: postgres({ host: 'db', user: 'ada', password: env.string('DB_PASSWORD'), database: 'app', pool: { max: 20 } }),
 *   },
 * })
 * ```
 */
export function postgres(config: PostgresConfig): Driver {
  return driverFor(targetOf('postgres', config), config)
}

function driverFor(target: NamedTarget, config: PostgresConfig): Driver {
  const replicas = (config.replicas ?? []).map((replica) => replicaOf('postgres', replica))
  return {
    name: 'postgres',
    dialect: 'postgres',
    label: labelOf('postgres', target),
    hasOneWriter: false,
    hasReplicas: replicas.length > 0,
    acquireTimeout: config.pool?.acquireTimeout ?? DEFAULT_ACQUIRE_TIMEOUT,
    scratch: () => scratch(target, config),
    isUnavailable: (error) =>
      UNAVAILABLE.test(String(Reflect.get(error, 'code'))) ||
      BROKEN.test(error.message) ||
      isTimeoutOfClient(error) ||
      isSocketError(error),
    load: () => load(target, config, replicas),
  }
}

async function load(
  target: NamedTarget,
  config: PostgresConfig,
  replicas: readonly ServerTarget[],
): Promise<DriverOptions> {
  const name = '@mikro-orm/postgresql'
  const { PostgreSqlDriver } = await loadPackage(name, '7.2.1', () => import('@mikro-orm/postgresql'))
  const { CompiledQuery } = await import('kysely')
  const { host, port, user, password, database, schema } = target
  const driverOptions = driverOptionsOf(target, config)
  // Statements of migrations and plain SQL name their tables without a schema.
  const path = `set search_path to ${quote(schema ?? 'public')}, public`
  const useSchema = async (connection: unknown) => {
    // The ORM opens its connections through Kysely, and hands over what Kysely has opened.
    await (connection as DatabaseConnection).executeQuery(CompiledQuery.raw(path))
  }
  return {
    driver: PostgreSqlDriver,
    dbName: database,
    ...compact({ host, port, user, password, schema }),
    pool: poolOf(config.pool),
    driverOptions,
    ...(schema ? { onCreateConnection: useSchema } : {}),
    ...(replicas.length > 0 && {
      preferReadReplicas: true,
      replicas: replicas.map(({ database: dbName, ...replica }) => ({
        ...compact({ ...pick(replica), dbName }),
        driverOptions: driverOptionsOf({ ...target, ...replica }, config),
      })),
    }),
  }
}

function pick({ host, port, user, password }: ServerTarget) {
  return { host, port, user, password }
}

function driverOptionsOf(target: ServerTarget, config: PostgresConfig) {
  const { tls, connectTimeout = DEFAULT_CONNECT_TIMEOUT } = target
  return {
    ...(tls === undefined ? {} : { ssl: tls }),
    ...(config.applicationName ? { application_name: config.applicationName } : {}),
    onPoolCreated: limitClients(connectTimeout),
  }
}

/** @throws {DatabaseUnavailableError} also when the user may not create databases */
function scratch(target: NamedTarget, { replicas: _, ...config }: PostgresConfig): Driver {
  const own = { ...target, database: '' }
  const driver = driverFor(own, config)
  const onServer = async (statement: string) => {
    const { runOn } = await import('../server/temporary-database.ts')
    await runOn(await load(target, config, []), statement)
  }
  return {
    ...driver,
    scratch: () => scratch(target, config),
    async load() {
      const { temporaryName } = await import('../server/temporary-database.ts')
      const database = temporaryName()
      // The other template may be in use, and then nothing can be made from it.
      await onServer(`create database ${quote(database)} template template0`)
      own.database = database
      return load(own, config, [])
    },
    async release() {
      if (own.database) await onServer(`drop database if exists ${quote(own.database)} with (force)`)
    },
  }
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
