/** @module What the drivers of database servers have in common: an address, a pool, replicas, and databases for a while. */
import type { Driver, DriverOptions, SharedServer } from '../connections/driver.ts'
import type { ModulePlaces } from './module-place.ts'
import { DEFAULT_ACQUIRE_TIMEOUT, poolOf, type ServerAddress, type ServerOptions } from './server-config.ts'
import { labelOf, type NamedTarget, replicaOf, targetOf } from './server-target.ts'
import { compact, type ServerTarget } from './server-url.ts'
import { sharedServer } from './shared-server.ts'
import { adviceOnTls } from './tls.ts'
import { isSocketError } from './unreachable.ts'

type ServerConfig = ServerAddress & ServerOptions

/** What one kind of server adds. */
export interface ServerKind<C extends ServerConfig> {
  readonly name: 'postgres' | 'mysql'
  /** Whether an error says that the server cannot be used, apart from those of sockets and of TLS. */
  isUnavailable(error: Error): boolean
  load(target: ServerTarget): Promise<Pick<DriverOptions, 'driver' | 'onCreateConnection'>>
  /** The options of the client for one address: that of the primary, or of a replica. */
  clientOptions(target: ServerTarget, config: C): DriverOptions['driverOptions'] & object
  createDatabase(name: string): string
  dropDatabase(name: string): string
  readonly modules: ModulePlaces
}

/** @throws {DatabaseAddressError} */
export function serverDriver<C extends ServerConfig>(
  kind: ServerKind<C>,
  config: C & { readonly schema?: string },
): Driver {
  return driverFor(kind, targetOf(kind.name, config), config)
}

function driverFor<C extends ServerConfig>(kind: ServerKind<C>, target: NamedTarget, config: C): Driver {
  const replicas = (config.replicas ?? []).map((replica) => replicaOf(kind.name, replica))
  return {
    name: kind.name,
    dialect: kind.name,
    label: labelOf(kind.name, target),
    hasOneWriter: false,
    replicas: replicas.map((replica) => labelOf(kind.name, { ...target, ...replica })),
    acquireTimeout: config.pool?.acquireTimeout ?? DEFAULT_ACQUIRE_TIMEOUT,
    scratch: () => scratch(kind, target, config),
    share: (pool) => share(kind, target, { ...config, pool, replicas: [] }),
    isUnavailable: (error) =>
      isSocketError(error) || adviceOnTls(error) !== undefined || kind.isUnavailable(error),
    advise: adviceOnTls,
    load: () => load(kind, target, config, replicas),
  }
}

function share<C extends ServerConfig>(
  kind: ServerKind<C>,
  { schema: _, ...target }: NamedTarget,
  config: C,
): SharedServer {
  return sharedServer({
    target,
    places: kind.modules,
    driver: (place) => driverFor(kind, place, config),
  })
}

async function load<C extends ServerConfig>(
  kind: ServerKind<C>,
  target: NamedTarget,
  config: C,
  replicas: readonly ServerTarget[],
): Promise<DriverOptions> {
  const { host, port, user, password, database, schema } = target
  return {
    ...(await kind.load(target)),
    dbName: database,
    ...compact({ host, port, user, password, schema }),
    pool: poolOf(config.pool),
    driverOptions: kind.clientOptions(target, config),
    ...(replicas.length > 0 && {
      preferReadReplicas: true,
      replicas: replicas.map((replica) => ({
        ...replicaOptions(replica),
        driverOptions: kind.clientOptions({ ...target, ...replica }, config),
      })),
    }),
  }
}

function replicaOptions({ host, port, user, password, database: dbName }: ServerTarget) {
  return compact({ host, port, user, password, dbName })
}

/** @throws {DatabaseUnavailableError} also when the user may not create databases */
function scratch<C extends ServerConfig>(kind: ServerKind<C>, target: NamedTarget, config: C): Driver {
  const own = { ...target, database: '' }
  const driver = driverFor(kind, own, { ...config, replicas: [] })
  const onServer = async (statement: string) => {
    const { runOn } = await import('./temporary-database.ts')
    await runOn(await load(kind, target, config, []), statement)
  }
  return {
    ...driver,
    scratch: () => scratch(kind, target, config),
    async load() {
      const { temporaryName } = await import('./temporary-database.ts')
      const database = temporaryName()
      await onServer(kind.createDatabase(database))
      own.database = database
      return load(kind, own, config, [])
    },
    async release() {
      if (own.database) await onServer(kind.dropDatabase(own.database))
    },
  }
}
