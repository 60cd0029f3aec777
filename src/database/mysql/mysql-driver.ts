/** @module The driver of MySQL and MariaDB. */
import type { Driver } from '../connections/driver.ts'
import { loadDriverPackage } from '../server/load-driver-package.ts'
import { DEFAULT_CONNECT_TIMEOUT, type ServerAddress, type ServerOptions } from '../server/server-config.ts'
import { type ServerKind, serverDriver } from '../server/server-driver.ts'
import { MODULE_DATABASES } from './module-databases.ts'
import { tlsOptions } from './tls-options.ts'

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
  return serverDriver(MYSQL, config)
}

const MYSQL: ServerKind<MysqlConfig> = {
  name: 'mysql',
  isUnavailable: (error) =>
    UNAVAILABLE.test(String(Reflect.get(error, 'code'))) || BROKEN.test(error.message),
  async load() {
    const { MySqlDriver } = await loadDriverPackage(
      '@mikro-orm/mysql',
      '7.2.1',
      () => import('@mikro-orm/mysql'),
    )
    const { understandMariaDb } = await import('./mariadb-schema.ts')
    const { swapIndexes } = await import('./swap-indexes.ts')
    const { endStreams } = await import('./stream-end.ts')
    class ServerDriver extends MySqlDriver {
      constructor(...args: ConstructorParameters<typeof MySqlDriver>) {
        super(...args)
        understandMariaDb(this)
        const helper = this.getPlatform().getSchemaHelper()
        if (helper) swapIndexes(helper)
        for (const connection of [this.connection, ...this.replicas]) endStreams(connection)
      }
    }
    return { driver: ServerDriver }
  },
  clientOptions: (target) => ({
    connectTimeout: target.connectTimeout ?? DEFAULT_CONNECT_TIMEOUT,
    ...tlsOptions(target),
  }),
  createDatabase: (name) => `create database ${name} character set utf8mb4`,
  dropDatabase: (name) => `drop database if exists ${name}`,
  modules: MODULE_DATABASES,
}
