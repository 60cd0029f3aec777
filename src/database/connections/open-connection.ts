/** @module Builds the ORM of one connection. It loads the ORM and the driver, and does not connect yet. */
import type { EntityMetadata, Platform } from '@mikro-orm/core'
import { MikroORM } from '@mikro-orm/core'
import { ReflectMetadataProvider } from '@mikro-orm/decorators/legacy'
import type { AbstractSqlConnection, AbstractSqlDriver, SqlEntityManager } from '@mikro-orm/sql'
import { attachCause, attemptAll } from '../../errors/attempt-all.ts'
import { BOT_TABLES } from '../bot/table-names.ts'
import { ModelNotFoundError } from '../errors.ts'
import { spellDates } from '../models/date-properties.ts'
import { spellDiscriminators } from '../models/discriminators.ts'
import { leaveParents } from '../models/left-parents.ts'
import { claimModels } from '../models/model-ownership.ts'
import { FlushSubscriber } from '../sessions/flush-subscriber.ts'
import { refuseClosed } from './closed-connections.ts'
import { Connection } from './connection.ts'
import { noteDialect } from './dialect-of.ts'
import type { Driver, DriverOptions } from './driver.ts'
import { nameErrors } from './error-origin.ts'
import { IN_MEMORY } from './in-memory.ts'
import '../models/model-key.ts'
import type { ModelClass } from '../models/load-models.ts'
import { prepareTimestamps } from '../models/timestamps.ts'
import { Session } from '../sessions/session.ts'
import { checkSoftModels } from '../soft-delete/boot-checks.ts'
import { keepUniqueAmongLive } from '../soft-delete/live-unique-schema.ts'
import { keepRowsOfJoins } from '../soft-delete/reads/row-keeping-joins.ts'
import { prepareSoftRelations } from '../soft-delete/reads/soft-relations.ts'
import { replaceLiveOnly } from '../soft-delete/replaced-collections.ts'
import { prepareSoftModel } from '../soft-delete/soft-models.ts'
import { noteTrashCover } from '../soft-delete/trash-cover.ts'
import { meetLiveIndexes } from '../soft-delete/upsert-conflicts.ts'
import { watchWriters } from '../transactions/write-lock.ts'
import { guardPool, type PoolState } from './pool-guard.ts'
import { watchReplicas } from './replica-reads.ts'
import { guardStreams } from './streams.ts'
import { translateExceptions, translateStream } from './translate-errors.ts'

export interface ConnectionRequest {
  readonly name: string
  readonly driver: Driver
  readonly root: string
  readonly models: readonly ModelClass[]
  /** Whose connection it is: models are shared between applications, entities are not. */
  readonly application: object
  readonly log: (message: string) => void
}

let connections = 0

/** @throws {DatabaseFileError} when the driver finds that the database cannot be opened */
export async function openConnection(request: ConnectionRequest): Promise<Connection> {
  const options = await request.driver.load(request.root)
  try {
    return makeConnection(request, options)
  } catch (error) {
    // What it has made for this process only has nobody else to remove it.
    for (const fault of await attemptAll([() => request.driver.release?.()])) attachCause(error, fault)
    throw error
  }
}

function makeConnection(request: ConnectionRequest, options: DriverOptions): Connection {
  const orm = new MikroORM({
    ...options,
    entities: [...request.models],
    entityManager: Session as never,
    metadataProvider: ReflectMetadataProvider,
    metadataCache: { enabled: false },
    // Two applications in one process must not find each other's transactions.
    contextName: `limber-${++connections}`,
    // A mistyped name must not create an empty database and go on.
    ensureDatabase: false,
    schemaGenerator: { skipTables: [...BOT_TABLES] },
    discovery: {
      onMetadata: prepareModel,
      afterDiscovered: (models) => {
        checkSoftModels(models, request.driver.dialect)
        spellDiscriminators(models)
      },
      warnWhenNoEntities: false,
    },
    // With joins for filters, a live row whose parent is trashed would vanish from results.
    autoJoinRefsForFilters: false,
    subscribers: [new FlushSubscriber()],
    findOneOrFailHandler: (model, where) => new ModelNotFoundError(model, where),
    logger: request.log,
  })
  translateExceptions(orm, request.driver)
  noteDialect(orm.config, request.driver.dialect)
  keepUniqueAmongLive(orm, request.driver.dialect)
  leaveParents(orm)
  prepareSoftRelations(orm.getMetadata())
  keepRowsOfJoins(orm.driver as unknown as AbstractSqlDriver)
  meetLiveIndexes(orm, request.driver.dialect)
  replaceLiveOnly(orm)
  const { hasOneWriter } = request.driver
  watchWriters(orm.config, {
    place: placeOf(orm),
    hasOneWriter,
    readsWait: hasOneWriter && !orm.config.get('replicas')?.length,
  })
  if (request.driver.replicas?.length) watchReplicas(orm.config)
  stayClosed(orm)
  const release = claimModels(orm, request.application)
  return new Connection(request, orm, { release, pool: guardPools(orm, request.driver) })
}

/** Whoever still has a session would open a closed connection again, and nobody would close that one. */
function stayClosed(orm: MikroORM): void {
  const { connection, replicas } = orm.driver as unknown as SqlConnections
  for (const each of [connection, ...replicas]) {
    const initClient = each.initClient.bind(each)
    each.initClient = async () => {
      refuseClosed(orm.config)
      await initClient()
    }
  }
}

/** Where a database is: the file, or the server, which knows of all locks in it. A database in memory is nowhere else. */
function placeOf({ config }: MikroORM): string {
  const { dbName, host, port, contextName } = config.getAll()
  if (host) return `${host}:${port ?? ''}`
  return dbName === IN_MEMORY ? `${contextName}` : `${dbName}`
}

/** Gives the pool that writes; those of replicas are guarded as well, and named in errors. */
function guardPools(orm: MikroORM, driver: Driver): PoolState {
  const { connection, replicas } = orm.driver as unknown as SqlConnections
  const labelOf = (index: number) => driver.replicas?.[index] ?? driver.label
  for (const each of [connection, ...replicas]) guardStreams(each, driver.dialect)
  for (const [index, replica] of replicas.entries()) {
    if (driver.replicas) nameErrors(replica, labelOf(index))
  }
  for (const each of [connection, ...replicas]) translateStream(each, orm.em as SqlEntityManager)
  if (driver.acquireTimeout === undefined) return { inUse: 0, waiting: 0 }
  for (const [index, replica] of replicas.entries()) guardPool(replica, { ...driver, label: labelOf(index) })
  return guardPool(connection, driver)
}

/** What every SQL driver of the ORM has, and keeps to itself and its subclasses. */
interface SqlConnections {
  readonly connection: AbstractSqlConnection
  readonly replicas: readonly AbstractSqlConnection[]
}

function prepareModel(meta: EntityMetadata, platform: Platform): void {
  noteTrashCover(meta)
  prepareSoftModel(meta, platform)
  prepareTimestamps(meta)
  spellDates(meta)
}
