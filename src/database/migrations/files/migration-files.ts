/** @module The files of `database/migrations`: their names give the order, each exports one migration. */
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { isClass } from '../../../support/class-of.ts'
import { MigrationFileError } from '../errors.ts'
import { Migration, type MigrationClass } from '../migration.ts'

const FILE_NAME = /^(\d{14}_[a-z0-9_]+)\.(ts|js)$/

export class MigrationFiles {
  readonly folder: string

  constructor(folder: string) {
    this.folder = folder
  }

  /** The names of all migrations, without the ending, oldest first. No folder is the same as an empty one. */
  names(): string[] {
    return [...this.#files().keys()]
  }

  has(name: string): boolean {
    return this.#files().has(name)
  }

  /**
   * Imports a migration.
   *
   * @throws {MigrationFileError} when the file does not compile or does not export exactly one migration
   */
  async load(name: string): Promise<MigrationClass> {
    const file = this.#files().get(name) ?? `${name}.ts`
    const exported = Object.values(await this.#import(file)).filter(isMigration)
    const [migration, second] = exported
    if (migration && !second) return migration
    const reason = second ? `it exports ${exported.length} migrations.` : 'it exports no migration.'
    throw new MigrationFileError(file, reason, 'Export one class that extends Migration of limber/database.')
  }

  async #import(file: string): Promise<object> {
    try {
      return await import(pathToFileURL(path.join(this.folder, file)).href)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      throw new MigrationFileError(file, reason, 'Correct the file; nothing was applied.', error)
    }
  }

  #files(): Map<string, string> {
    if (!existsSync(this.folder)) return new Map()
    const files = readdirSync(this.folder)
      .sort()
      .map((file): [string | undefined, string] => [FILE_NAME.exec(file)?.[1], file])
    return new Map(files.filter((entry): entry is [string, string] => entry[0] !== undefined))
  }
}

function isMigration(value: unknown): value is MigrationClass {
  return isClass(value) && value.prototype instanceof Migration
}
