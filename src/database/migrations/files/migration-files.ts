/** @module The files of a folder of migrations: their names give the order, each exports one migration. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { isClass } from '../../../support/class-of.ts'
import { messageOf } from '../../../support/message-of.ts'
import { Migration, type MigrationClass } from '../migration.ts'
import { checksumOf } from './checksum.ts'
import { ManifestError, MigrationFileError } from './errors.ts'
import { type Checksums, MANIFEST_FILE, readManifest } from './manifest.ts'
import { type MigrationNaming, stampNaming } from './migration-naming.ts'

export interface MigrationFilesOptions {
  /** Default: that of an application. */
  readonly naming?: MigrationNaming
  /** Imports a file by its absolute path; default: like every module, once in the life of the process. */
  readonly import?: ((file: string) => Promise<object>) | undefined
}

export class MigrationFiles {
  readonly folder: string
  readonly naming: MigrationNaming
  readonly #importFile: (file: string) => Promise<object>

  constructor(folder: string, options: MigrationFilesOptions = {}) {
    this.folder = folder
    this.naming = options.naming ?? stampNaming
    this.#importFile = options.import ?? ((file) => import(pathToFileURL(file).href))
  }

  /**
   * The names of all migrations that are to be applied, without the ending, oldest first. No folder is the same as an empty
   * one.
   *
   * @throws {MigrationFileError} for a file that looks like one and would be passed over
   */
  names(): string[] {
    return [...this.#files().keys()].filter((name) => this.#isWithin(name))
  }

  /** The names of those that are there and not to be applied: they are behind the version of the manifest. */
  beyond(): string[] {
    return [...this.#files().keys()].filter((name) => !this.#isWithin(name))
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
      return await this.#importFile(path.join(this.folder, file))
    } catch (error) {
      const reason = messageOf(error)
      throw new MigrationFileError(file, reason, 'Correct the file; nothing was applied.', error)
    }
  }

  #isWithin(name: string): boolean {
    return this.naming.limit?.includes(name) ?? true
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
    const { naming } = this
    const odd = list.find((file) => naming.isMeant(file) && naming.nameOf(file) === undefined)
    if (odd !== undefined)
      throw new MigrationFileError(path.join(this.folder, odd), 'it would never be applied.', naming.hint)
    const files = list
      // The source stands behind what was compiled of it, and replaces it.
      .sort()
      .map((file): [string | undefined, string] => [naming.nameOf(file), file])
      .filter((entry): entry is [string, string] => entry[0] !== undefined)
    return new Map(files.sort(([a], [b]) => naming.compare(a, b)))
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
