/** @module The migrations of an application: where they are, and what runs and writes them. */
import path from 'node:path'
import { inject, injectable } from 'inversify'
import type { Application } from '../../application/application.ts'
import { openConnection } from '../connections/open-connection.ts'
import type { DatabaseManager } from '../database-manager.ts'
import { loadModels } from '../models/load-models.ts'
import { MigrationFiles } from './files/migration-files.ts'
import { writeMigration } from './files/migration-writer.ts'
import { DEFAULT_FOLDER, migrationsConfigOf } from './migrations-config.ts'
import { Migrator } from './run/migrator.ts'
import type { SchemaDiff } from './schema/rehearsal.ts'
import type { RenameOptions } from './schema/renames/rename-choices.ts'
import { diffSchema } from './schema/schema-diff.ts'
import { scratchDriver } from './schema/scratch.ts'

@injectable()
export class Migrations {
  readonly files: MigrationFiles

  constructor(
    @inject('app') private readonly app: Application,
    @inject('db') private readonly db: DatabaseManager,
  ) {
    const { folder = DEFAULT_FOLDER } = migrationsConfigOf(app.config.find('database.migrations'))
    this.files = new MigrationFiles(path.resolve(app.root, folder))
  }

  /** @throws {ConnectionNotFoundError} */
  migrator(connection?: string): Migrator {
    return new Migrator(this.db.connection(connection), this.files)
  }

  /** What separates the models from what the migrations produce. The application's database is not looked at. */
  async diff(connection?: string, options?: RenameOptions): Promise<SchemaDiff> {
    const { driver } = this.db.connection(connection)
    await using scratch = await openConnection({
      name: 'scratch',
      driver: scratchDriver(driver),
      root: this.app.root,
      models: await loadModels(this.app.config.find('app.models') ?? []),
      application: {},
      log: (message) => this.app.make('log').debug(message),
    })
    // Awaited here: the scratch database is closed when this function returns.
    return await diffSchema(scratch, this.files, options)
  }

  /** Writes a migration and gives its path, relative to the root of the application. */
  write(message: string, diff: SchemaDiff): string {
    return path.relative(this.app.root, writeMigration(this.files.folder, message, diff))
  }
}
