/** @module What the framework relies on in the ORM that is no public contract: name, number of parameters, and where. */
import {
  ChangeSetPersister,
  Collection,
  EntityComparator,
  EntityFactory,
  EntityLoader,
  EntityManager,
  EntityMetadata,
  Hydrator,
  IdentityMap,
  Platform,
  Reference,
  UnitOfWork,
} from '@mikro-orm/core'
import {
  AbstractSqlConnection,
  AbstractSqlDriver,
  DatabaseSchema,
  DatabaseTable,
  MySqlSchemaHelper,
  PostgreSqlSchemaHelper,
  QueryBuilder,
  QueryBuilderHelper,
  SchemaComparator,
  SchemaHelper,
  SqlEntityManager,
  SqlSchemaGenerator,
} from '@mikro-orm/sql'

export interface Seams {
  readonly owner: { readonly name: string; readonly prototype: object }
  /** The files that rely on them. */
  readonly where: string
  /** How many parameters each method declares, before the first with a default. */
  readonly methods: Readonly<Record<string, number>>
}

export const SEAMS: readonly Seams[] = [
  {
    owner: ChangeSetPersister,
    where: 'soft-delete/soft-removal.ts, insight/own-reads.ts',
    methods: { executeInserts: 3, executeUpdates: 4, executeDeletes: 3 },
  },
  {
    owner: UnitOfWork,
    where: 'soft-delete/soft-removal.ts, sessions/identity.ts, transactions/savepoint-memory.ts',
    methods: {
      remove: 2,
      commit: 0,
      unsetIdentity: 1,
      register: 3,
      getById: 4,
      getIdentityMap: 0,
      getPersistStack: 0,
      getRemoveStack: 0,
      getOrphanRemoveStack: 0,
      getChangeSets: 0,
      getExtraUpdates: 0,
      getCollectionUpdates: 0,
      getChangeSetPersister: 0,
    },
  },
  {
    owner: IdentityMap,
    where: 'soft-delete/trash-memory.ts, sessions/identity.ts',
    methods: { getStore: 1, getByEntity: 1, store: 1, delete: 1, values: 0 },
  },
  {
    owner: EntityManager,
    where: 'soft-delete/reads/soft-reading-entity-manager.ts, sessions/session.ts',
    methods: {
      prepareOptions: 1,
      shouldRefresh: 3,
      applyFilters: 5,
      preparePopulate: 2,
      tryCache: 5,
      storeCache: 3,
      tryFlush: 2,
      getJoinedFilters: 2,
      getUnitOfWork: 0,
      getEntityLoader: 0,
      getEntityFactory: 0,
      getHydrator: 0,
      countBy: 3,
      upsert: 2,
      upsertMany: 2,
      setTransactionContext: 1,
    },
  },
  {
    owner: EntityLoader,
    where: 'soft-delete/reads/populating.ts',
    methods: { populate: 4, findChildrenFromPivotTable: 6 },
  },
  {
    owner: EntityFactory,
    where: 'soft-delete/reads/merging.ts',
    methods: { create: 2 },
  },
  {
    owner: Hydrator,
    where: 'soft-delete/trash.ts, sessions/known-after-upsert.ts',
    methods: { hydrate: 5 },
  },
  {
    owner: Reference,
    where: 'soft-delete/reads/reference-load.ts',
    methods: { load: 0 },
  },
  {
    owner: Collection,
    where: 'soft-delete/collections.ts, sessions/collection-items.ts, sessions/collection-memory.ts',
    methods: {
      hydrate: 4,
      isPartial: 0,
      addWithoutPropagation: 1,
      removeWithoutPropagation: 1,
      takeSnapshot: 1,
      getSnapshot: 0,
      setDirty: 0,
    },
  },
  {
    owner: EntityComparator,
    where: 'soft-delete/trash.ts, sessions/identity.ts',
    methods: { diffEntities: 4, prepareEntity: 1 },
  },
  { owner: EntityMetadata, where: 'soft-delete/soft-models.ts', methods: { addProperty: 1 } },
  {
    owner: SqlEntityManager,
    where: 'soft-delete/soft-deleting-entity-manager.ts, sessions/writing-entity-manager.ts',
    methods: { createQueryBuilder: 4, execute: 1, getKysely: 0 },
  },
  {
    owner: AbstractSqlDriver,
    where:
      'soft-delete/reads/row-keeping-joins.ts, soft-delete/upsert-conflicts.ts, soft-delete/replaced-collections.ts',
    methods: {
      createQueryBuilder: 7,
      syncCollections: 2,
      nativeUpdate: 3,
      nativeUpdateMany: 3,
      nativeDelete: 2,
      find: 2,
      stream: 3,
    },
  },
  {
    owner: AbstractSqlConnection,
    where: 'connections/streams.ts, connections/error-origin.ts, insight/observe-queries.ts',
    methods: {
      execute: 1,
      executeQuery: 3,
      stream: 1,
      getClient: 0,
      begin: 0,
      commit: 3,
      rollback: 3,
      transactional: 1,
    },
  },
  {
    owner: QueryBuilder,
    where: 'soft-delete/query-builder/guard.ts, sessions/session-query-builder.ts',
    methods: {
      clone: 2,
      comment: 1,
      count: 1,
      execute: 2,
      getNativeQuery: 0,
      hasFlag: 1,
      join: 2,
      joinAndSelect: 2,
      onConflict: 0,
      stream: 1,
      toQuery: 0,
      toRaw: 0,
      truncate: 0,
      unsetFlag: 1,
      where: 3,
      setLockMode: 2,
      scheduleFilterCheck: 1,
    },
  },
  {
    owner: QueryBuilderHelper,
    where: 'soft-delete/query-builder/live-conditions.ts',
    methods: { appendQueryCondition: 4, createJoinExpression: 4, isTableNameAliasRequired: 1 },
  },
  {
    owner: SqlSchemaGenerator,
    where: 'soft-delete/live-unique-schema.ts, migrations/schema/compare-schemas.ts',
    methods: { getTargetSchema: 1, diffToSQL: 2 },
  },
  {
    owner: SchemaComparator,
    where: 'migrations/schema/compare-schemas.ts',
    methods: { compare: 3, diffTable: 3, detectColumnRenamings: 2 },
  },
  {
    owner: DatabaseSchema,
    where: 'migrations/schema/compare-schemas.ts, migrations/schema/recorded-diff.ts',
    methods: { prune: 2, loadRoutines: 2, setTables: 1, setViews: 1, setNamespaces: 1, setNativeEnums: 1 },
  },
  {
    owner: DatabaseTable,
    where: 'soft-delete/live-unique-schema.ts, soft-delete/live-column.ts',
    methods: { addColumn: 1, getIndexes: 0, setIndexes: 1 },
  },
  { owner: SchemaHelper, where: '../mysql/swap-indexes.ts', methods: { alterTable: 2 } },
  { owner: SchemaHelper, where: '../sqlite/rebuild-tables.ts', methods: { alterTable: 2 } },
  {
    owner: PostgreSqlSchemaHelper,
    where: '../postgres/type-changes.ts',
    methods: { castColumn: 2, getPreAlterTable: 2 },
  },
  { owner: MySqlSchemaHelper, where: '../mysql/mariadb-schema.ts', methods: { getAllColumns: 3 } },
  {
    owner: Platform,
    where: 'soft-delete/live-unique.ts',
    methods: { getDefaultPrimaryName: 2, getIndexName: 3, quoteIdentifier: 1 },
  },
]
