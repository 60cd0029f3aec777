/** @module The migrations of an application or a module: where they are, and what runs and writes them. */
import path from 'node:path'
import { inject, injectable, unmanaged } from 'inversify'
import type { Application } from '../../application/application.ts'
import type { Connection } from '../connections/connection.ts'
import type { DatabaseManager } from '../database-manager.ts'
import { loadModels, type ModelClass } from '../models/load-models.ts'
import { modelsOf } from '../models/models-of.ts'
import { MigrationDialectError, MigrationFailedError } from './errors.ts'
import { MigrationFiles } from './files/migration-files.ts'
import type { MigrationContent } from './files/migration-source.ts'
import { writeMigration } from './files/migration-writer.ts'
import { readRecordedSchema, recordMigration, recordModels, writtenFor } from './files/recorded-schema.ts'
import { DEFAULT_FOLDER, type MigrationsConfig, migrationsConfigOf } from './migrations-config.ts'
import { Migrator } from './run/migrator.ts'
import type { MigratorSettings } from './run/prepared-run.ts'
import { ScratchRefusedError } from './schema/errors.ts'
import { diffRecorded } from './schema/recorded-diff.ts'
import type { SchemaDiff } from './schema/rehearsal.ts'
import type { RenameOptions } from './schema/renames/rename-choices.ts'
import { diffSchema } from './schema/schema-diff.ts'
import { openScratch } from './schema/scratch-connection.ts'
import { Verification, type VerifiedMigration } from './schema/verify.ts'
import { Squash, type SquashOptions, type SquashResult } from './squash/squash.ts'

/** Whose migrations they are, when they are not those of the application. */
export interface MigrationTarget {
  readonly module: string
  /** The version of its manifest, which the next migration is called after. */
  readonly version: string
  /** The name of its connection. */
  readonly connection: string
  readonly files: MigrationFiles
}

@injectable()
export class Migrations {
  readonly files: MigrationFiles
  readonly target: MigrationTarget | undefined
  /** The folder that paths are told from. */
  readonly root: string
  readonly #config: MigrationsConfig

  constructor(
    @inject('app') private readonly app: Application,
    @inject('db') private readonly db: DatabaseManager,
    @unmanaged() target?: MigrationTarget,
  ) {
    this.root = app.root
    this.#config = migrationsConfigOf(app.config.find('database.migrations'))
    this.target = target
    const folder = path.resolve(app.root, this.#config.folder ?? DEFAULT_FOLDER)
    this.files = target?.files ?? new MigrationFiles(folder)
  }

  /** @throws {ConnectionNotFoundError} */
  connection(name = this.target?.connection): Connection {
    return this.db.connection(name)
  }

  /** @throws {ConnectionNotFoundError} */
  migrator(connection?: string): Migrator {
    return new Migrator(this.connection(connection), this.files, this.settings)
  }

  get settings(): MigratorSettings {
    const { backups = {}, lockTimeout } = this.#config
    const { folder = 'storage/backups', keep = 3 } = backups || {}
    const copies = { root: this.app.root, folder: path.resolve(this.app.root, folder), keep }
    return { backups: backups ? copies : undefined, lockTimeout }
  }

  /**
   * What separates the models from what the migrations produce. The application's database is not looked at. Where its user
   * may not create a scratch database, the models are compared with what was recorded of them.
   *
   * @throws {ScratchRefusedError} when nothing was recorded either
   * @throws {RenameUndecidedError} @throws {RenameChoiceError} @throws {SchemaNotRepresentableError}
   */
  async diff(connection?: string, options: RenameOptions = {}): Promise<SchemaDiff> {
    try {
      await using scratch = await this.#openScratch(connection)
      // Awaited here: the scratch database is closed when this block ends.
      return await diffSchema(scratch, this.files, options)
    } catch (error) {
      const recorded = error instanceof ScratchRefusedError && readRecordedSchema(this.files.folder)
      if (!recorded) throw this.explain(error, connection)
      return diffRecorded(this.connection(connection), recorded, this.files, options, error.message)
    }
  }

  /** Tells when what has failed was written for another kind of database. */
  explain(error: unknown, connection?: string): unknown {
    if (!(error instanceof MigrationFailedError)) return error
    const { dialect } = this.connection(connection).driver
    const written = writtenFor(this.files.folder) ?? dialect
    return written === dialect ? error : new MigrationDialectError(written, dialect, error)
  }

  /** Applies each migration to a scratch database, takes it back and applies it again. */
  async verify(
    connection?: string,
    onDone?: (verified: VerifiedMigration) => void,
  ): Promise<VerifiedMigration[]> {
    return new Verification(() => this.#openScratch(connection, false), this.files).run(onDone)
  }

  /**
   * Makes one migration of many, and gives the path of its file relative to the root of the application.
   *
   * @throws {SquashError} and then nothing was changed
   * @throws {ScratchRefusedError}
   */
  async squash(options: SquashOptions): Promise<SquashResult> {
    const { file, ...result } = await new Squash(() => this.#openScratch(), this.files).run(options)
    return { ...result, file: file === undefined ? undefined : path.relative(this.root, file) }
  }

  /** Writes a migration and gives its path, relative to the root of the application. What it describes is recorded. */
  write(message: string, content: MigrationContent, connection?: string): string {
    const file = writeMigration(this.files.folder, message, content, this.target?.version)
    if (typeof content === 'object') this.record(connection)
    else recordMigration(this.files)
    return path.relative(this.app.root, file)
  }

  /** Records what the models ask for beside the migrations; gives whether anything was new. */
  record(connection?: string): boolean {
    return recordModels(this.files, this.connection(connection))
  }

  async #openScratch(connection?: string, hasModels = true): Promise<Connection> {
    return openScratch({
      driver: this.connection(connection).driver,
      root: this.app.root,
      models: hasModels ? await this.#models() : [],
      log: (message) => this.app.make('log').debug(message),
    })
  }

  async #models(): Promise<readonly ModelClass[]> {
    if (!this.target) return loadModels(modelsOf(this.app))
    // They were given to the ORM of the connection as classes and schemas, and not as paths of files.
    return this.connection().orm.config.get('entities') as readonly ModelClass[]
  }
}
