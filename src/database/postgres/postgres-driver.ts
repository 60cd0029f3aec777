/** @module The PostgreSQL driver. */
import { isIP } from 'node:net'
import { checkServerIdentity, type PeerCertificate } from 'node:tls'
import type { DatabaseConnection } from 'kysely'
import type { Driver } from '../connections/driver.ts'
import { loadDriverPackage } from '../server/load-driver-package.ts'
import { DEFAULT_CONNECT_TIMEOUT, type ServerAddress, type ServerOptions } from '../server/server-config.ts'
import { type ServerKind, serverDriver } from '../server/server-driver.ts'
import type { ServerTarget } from '../server/server-url.ts'
import { nameToCheck } from '../server/tls.ts'
import { isTimeoutOfClient, limitClients } from './client-timeout.ts'
import { MODULE_SCHEMAS } from './module-schemas.ts'
import { quoteName } from './quote-name.ts'

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
  return serverDriver(POSTGRES, config)
}

const POSTGRES: ServerKind<PostgresConfig> = {
  name: 'postgres',
  isUnavailable: (error) =>
    UNAVAILABLE.test(String(Reflect.get(error, 'code'))) ||
    BROKEN.test(error.message) ||
    isTimeoutOfClient(error),
  async load({ schema }) {
    const name = '@mikro-orm/postgresql'
    const { PostgreSqlDriver } = await loadDriverPackage(name, '7.2.1', () => import('@mikro-orm/postgresql'))
    const { CompiledQuery } = await import('kysely')
    const { assignTexts, castDefaults } = await import('./type-changes.ts')
    const { readQuotedColumns } = await import('./quoted-columns.ts')
    class ServerDriver extends PostgreSqlDriver {
      constructor(...args: ConstructorParameters<typeof PostgreSqlDriver>) {
        super(...args)
        const helper = this.getPlatform().getSchemaHelper()
        if (!helper) return
        assignTexts(helper)
        castDefaults(helper)
        readQuotedColumns(helper)
      }
    }
    // Statements of migrations and plain SQL name their tables without a schema.
    const path = `set search_path to ${quoteName(schema ?? 'public')}, public`
    const useSchema = async (connection: unknown) => {
      // The ORM opens its connections through Kysely, and hands over what Kysely has opened.
      await (connection as DatabaseConnection).executeQuery(CompiledQuery.raw(path))
    }
    return { driver: ServerDriver, ...(schema ? { onCreateConnection: useSchema } : {}) }
  },
  clientOptions: (target, { applicationName }) => ({
    ...tlsOptions(target),
    ...(applicationName ? { application_name: applicationName } : {}),
    onPoolCreated: limitClients(target.connectTimeout ?? DEFAULT_CONNECT_TIMEOUT),
  }),
  // The other template may be in use, and then nothing can be made from it.
  createDatabase: (name) => `create database ${quoteName(name)} template template0`,
  dropDatabase: (name) => `drop database if exists ${quoteName(name)} with (force)`,
  modules: MODULE_SCHEMAS,
}

function tlsOptions(target: ServerTarget) {
  const { tls } = target
  const name = nameToCheck(target)
  if (name === undefined) return tls === undefined ? {} : { ssl: tls }
  const { servername, ...fields } = typeof tls === 'object' ? tls : {}
  const ssl = {
    ...fields,
    // An IP address is no name to ask a server for.
    ...(servername && !isIP(servername) ? { servername } : {}),
    // By itself, pg compares the certificate of a server at an IP address with "localhost".
    checkServerIdentity: (_: string, certificate: PeerCertificate) => checkServerIdentity(name, certificate),
  }
  return { ssl }
}
