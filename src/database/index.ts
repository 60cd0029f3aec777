/** @module limber/database: connections, sessions, models, migrations. Importing it does not load the ORM. */

export type { ConnectionRequest } from './added-connections.ts'
export * from './auth/errors.ts'
export { type ApiKeyRow, type ModelApiKeysOptions, modelApiKeys } from './auth/model-api-keys.ts'
export type { ModelSource, RowOf } from './auth/model-source.ts'
export { type ModelUsersOptions, modelUsers } from './auth/model-users.ts'
export { type DatabaseStoreOptions, databaseStore } from './cache/database-store.ts'
export * from './cache/errors.ts'
export type { Connection, Row, RunSql } from './connections/connection.ts'
export type { Dialect, Driver, DriverOptions, SharedServer } from './connections/driver.ts'
export * from './connections/driver-errors.ts'
export { fromUrl } from './connections/from-url.ts'
export type { PoolState } from './connections/pool-guard.ts'
export { type DatabaseConfig, defineDatabase } from './database-config.ts'
export type { DatabaseManager } from './database-manager.ts'
export { DatabaseServiceProvider } from './database-service-provider.ts'
export * from './dumps/errors.ts'
export * from './errors.ts'
export * from './insight/errors.ts'
export type { InsightConfig } from './insight/insight-config.ts'
export { allowRepeatedQueries } from './insight/repeated-queries.ts'
export * from './migrations/drift/errors.ts'
export * from './migrations/errors.ts'
export * from './migrations/files/errors.ts'
export {
  type AssessmentOptions,
  assessMigrations,
  type MigrationHazards,
  type MigrationStatements,
} from './migrations/guards/assess.ts'
export { DestructiveMigrationError, type Loss } from './migrations/guards/errors.ts'
export type { ColumnFacts, Facts, TableFacts } from './migrations/guards/facts.ts'
export type { Hazard, HazardKind } from './migrations/guards/judging/hazard.ts'
export {
  describeHazards,
  type RefusalOptions,
  refuseDestructive,
} from './migrations/guards/refuse-destructive.ts'
export * from './migrations/init/errors.ts'
export { type BatchOptions, Migration, type MigrationContext } from './migrations/migration.ts'
export type {
  BackupsConfig,
  DriftConfig,
  DriftMode,
  MigrationsConfig,
} from './migrations/migrations-config.ts'
export * from './migrations/run/errors.ts'
export * from './migrations/schema/errors.ts'
export * from './migrations/squash/errors.ts'
export { bindModel, type ModelBindingOptions } from './models/bind-model.ts'
export { KeyedModel } from './models/keyed-model.ts'
export { Model } from './models/model.ts'
export type { FilterOptions } from './models/model-query.ts'
export { connectionNameOf } from './modules/connection-name.ts'
export * from './modules/errors.ts'
export {
  type ModuleDatabaseChoice,
  type ModuleDriverSettings,
  ModuleDrivers,
} from './modules/module-drivers.ts'
export { nullDriver } from './null/null-driver.ts'
export * from './seeders/errors.ts'
export { Seeder } from './seeders/seeder.ts'
export type { Seeding } from './seeders/seeding.ts'
export type { ScopeSessions } from './sessions/scope-sessions.ts'
export type { Session } from './sessions/session.ts'
export * from './sessions/session-errors.ts'
export { type SessionScopeOptions, sessionScope } from './sessions/session-scope.ts'
export { isTrashed } from './soft-delete/deleted-at.ts'
export * from './soft-delete/errors.ts'
export type { PruneOptions } from './soft-delete/prune.ts'
export * from './soft-delete/prune-errors.ts'
export * from './soft-delete/query-builder/errors.ts'
export type { TrashWords } from './soft-delete/query-builder/words.ts'
export type { TrashOptions } from './soft-delete/trash-options.ts'
export { withTrashed } from './soft-delete/trash-scope.ts'
export * from './transactions/transaction-errors.ts'
export type {
  Isolation,
  Propagation,
  RetryOptions,
  TransactionOptions,
} from './transactions/transaction-options.ts'
