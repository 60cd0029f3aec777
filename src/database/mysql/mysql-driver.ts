/** @module The driver of MySQL and MariaDB. */
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

export type MysqlConfig = ServerAddress & ServerOptions

/** Codes that speak of the server or the session: connection, login, shutdown, no room, read only. */
const UNAVAILABLE =
  /^(PROTOCOL_CONNECTION_LOST|PROTOCOL_SEQUENCE_TIMEOUT|POOL_CLOSED|ER_CON_COUNT_ERROR|ER_TOO_MANY_USER_CONNECTIONS|ER_SERVER_SHUTDOWN|ER_CONNECTION_KILLED|ER_ACCESS_DENIED_ERROR|ER_DBACCESS_DENIED_ERROR|ER_BAD_DB_ERROR|ER_DISK_FULL|ER_RECORD_FILE_FULL|ER_OPTION_PREVENTS_STATEMENT|HANDSHAKE_.*)$/
/** Messages of mysql2 that come without a code. */
const BROKEN = /in closed state|Pool is closed|Connection lost/i

/**
 * Configures a MySQL or MariaDB database, by its URL or by fields.
 *
 * @throws {DatabaseAddressError}
 * @example
 * ```ts
 * import { env } from 'limber'
 * import { defineDatabase } from 'limber/database'
 * import { mysql } from 'limber/database/mysql'
 *
 * export default defineDatabase({
 *   default: 'main',
 *   connections: {
 *     main: mysql({ host: 'db', user: 'ada', password: env.string('DB_PASSWORD'), database: 'app' }),
 *   },
 * })
 * ```
 */
export function mysql(config: MysqlConfig): Driver {
  return driverFor(targetOf('mysql', config), config)
}

function driverFor(target: NamedTarget, config: MysqlConfig): Driver {
  const replicas = (config.replicas ?? []).map((replica) => replicaOf('mysql', replica))
  return {
    name: 'mysql',
    dialect: 'mysql',
    label: labelOf('mysql', target),
    hasOneWriter: false,
    hasReplicas: replicas.length > 0,
    acquireTimeout: config.pool?.acquireTimeout ?? DEFAULT_ACQUIRE_TIMEOUT,
    scratch: () => scratch(target, config),
    isUnavailable: (error) =>
      UNAVAILABLE.test(String(Reflect.get(error, 'code'))) ||
      BROKEN.test(error.message) ||
      isSocketError(error),
    load: () => load(target, config, replicas),
  }
}

async function load(
  target: NamedTarget,
  config: MysqlConfig,
  replicas: readonly ServerTarget[],
): Promise<DriverOptions> {
  const { MySqlDriver } = await loadPackage('@mikro-orm/mysql', '7.2.1', () => import('@mikro-orm/mysql'))
  const { understandMariaDb } = await import('./mariadb-schema.ts')
  const { host, port, user, password, database } = target
  class ServerDriver extends MySqlDriver {
    constructor(...args: ConstructorParameters<typeof MySqlDriver>) {
      super(...args)
      understandMariaDb(this)
    }
  }
  return {
    driver: ServerDriver,
    dbName: database,
    ...compact({ host, port, user, password }),
    pool: poolOf(config.pool),
    driverOptions: driverOptionsOf(target),
    ...(replicas.length > 0 && {
      preferReadReplicas: true,
      replicas: replicas.map(({ database: dbName, ...replica }) => ({
        ...compact({ ...pick(replica), dbName }),
        driverOptions: driverOptionsOf({ ...target, ...replica }),
      })),
    }),
  }
}

function pick({ host, port, user, password }: ServerTarget) {
  return { host, port, user, password }
}

function driverOptionsOf({ tls, connectTimeout = DEFAULT_CONNECT_TIMEOUT }: ServerTarget) {
  return { connectTimeout, ...(tls ? { ssl: tls === true ? {} : tls } : {}) }
}

/** @throws {DatabaseUnavailableError} also when the user may not create databases */
function scratch(target: NamedTarget, { replicas: _, ...config }: MysqlConfig): Driver {
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
      await onServer(`create database ${database} character set utf8mb4`)
      own.database = database
      return load(own, config, [])
    },
    async release() {
      if (own.database) await onServer(`drop database if exists ${own.database}`)
    },
  }
}
