/** @module The files of `database/migrations`: their names give the order, each exports one migration. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { isClass } from '../../../support/class-of.ts'
import { messageOf } from '../../../support/message-of.ts'
import { Migration, type MigrationClass } from '../migration.ts'
import { checksumOf } from './checksum.ts'
import { ManifestError, MigrationFileError } from './errors.ts'
import { type Checksums, MANIFEST_FILE, readManifest } from './manifest.ts'

const FILE_NAME = /^(\d{14}_[a-z0-9_]+)\.(ts|js)$/
/** Somebody meant a migration; declarations are a part of a build. */
const MEANT = /^\d.*(?<!\.d)\.[cm]?[jt]s$/

export class MigrationFiles {
  readonly folder: string

  constructor(folder: string) {
    this.folder = folder
  }

  /**
   * The names of all migrations, without the ending, oldest first. No folder is the same as an empty one.
   *
   * @throws {MigrationFileError} for a file that looks like one and would be passed over
   */
  names(): string[] {
    return [...this.#files().keys()]
  }

  has(name: string): boolean {
    return this.#files().has(name)
  }

  /**
   * The checksums of all migrations, by name: of the sources, and in a build those that its manifest has of them.
   *
   * @throws {ManifestError} when the manifest cannot be read, or belongs to another build
   */
  checksums(): ReadonlyMap<string, string> {
    const files = [...this.#files()]
    const isBuilt = files.some(([, file]) => file.endsWith('.js'))
    const manifest = isBuilt ? readManifest(this.folder) : undefined
    return new Map(
      files.flatMap(([name, file]): [string, string][] => {
        const checksum = file.endsWith('.ts') ? this.#checksum(file) : this.#listed(name, manifest)
        return checksum === undefined ? [] : [[name, checksum]]
      }),
    )
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
      const reason = messageOf(error)
      throw new MigrationFileError(file, reason, 'Correct the file; nothing was applied.', error)
    }
  }

  #checksum(file: string): string {
    return checksumOf(readFileSync(path.join(this.folder, file), 'utf8'))
  }

  /** A build without a manifest is one from before there were any. */
  #listed(name: string, manifest: Checksums | undefined): string | undefined {
    if (manifest && !Object.hasOwn(manifest, name))
      throw new ManifestError(path.join(this.folder, MANIFEST_FILE), `${name} is not in it.`)
    return manifest?.[name]
  }

  /** Where a migration is there in both forms, the source counts. */
  #files(): Map<string, string> {
    if (!existsSync(this.folder)) return new Map()
    const list = this.#list()
    const odd = list.find((file) => MEANT.test(file) && !FILE_NAME.test(file))
    if (odd !== undefined) {
      const hint = 'Call it like 20260131120000_add_isbn.ts: 14 digits, then a to z, 0 to 9 and _.'
      throw new MigrationFileError(path.join(this.folder, odd), 'it would never be applied.', hint)
    }
    const files = list
      // The source stands behind what was compiled of it, and replaces it.
      .sort()
      .map((file): [string | undefined, string] => [FILE_NAME.exec(file)?.[1], file])
    return new Map(files.filter((entry): entry is [string, string] => entry[0] !== undefined))
  }

  #list(): string[] {
    try {
      return readdirSync(this.folder)
    } catch (error) {
      const reason = messageOf(error)
      const hint = 'Give this user the right to read the folder, or name another in config/database.ts.'
      throw new MigrationFileError(this.folder, reason, hint, error)
    }
  }
}

function isMigration(value: unknown): value is MigrationClass {
  return isClass(value) && value.prototype instanceof Migration
}
