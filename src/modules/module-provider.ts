/** @module The provider of a module: what it binds, and the hooks of its life. */
import type { Application } from '../application/application.ts'
import type { Log } from '../application/log.ts'
import { ServiceProvider } from '../application/service-provider.ts'
import type { Strings } from '../strings/strings.ts'
import type { ModuleDatabase } from './database/module-database.ts'
import type { Manifest } from './manifest/manifest.ts'

/** What a module is given when it is loaded. */
export interface ModuleFacilities {
  /** The application as this module may use it. */
  readonly app: Application
  readonly manifest: Manifest
  readonly config: Readonly<Record<string, unknown>>
  readonly log: Log
  readonly strings: Strings
  /** @throws {ModulePermissionError} where the module may not have one */
  database(): ModuleDatabase
}

/**
 * Extended by the class in `provider.ts` of a module. Its hooks are called in this order, each awaited, each as a unit of
 * work of its own: `register`, `boot` with those of the application; `onInit`; `onDatabaseReady` when the database is there
 * and migrated; then routes, handlers and the like are reachable; `onUnload` when they no longer are, before the
 * connection closes.
 *
 * @example
 * ```ts
 * import { ModuleProvider } from 'limber/modules'
 *
 * export class Greeter extends ModuleProvider {
 *   override onInit() {
 *     this.log.info(this.strings.text('hello', { name: 'Ada' }))
 *   }
 * }
 * ```
 */
export class ModuleProvider extends ServiceProvider {
  readonly #facilities: ModuleFacilities

  constructor(facilities: ModuleFacilities) {
    super(facilities.app)
    this.#facilities = facilities
  }

  get manifest(): Manifest {
    return this.#facilities.manifest
  }

  /** What the manifest has under `config`, with what the configuration of the application says instead. */
  get config(): Readonly<Record<string, unknown>> {
    return this.#facilities.config
  }

  /** Writes lines that carry the name of the module. */
  get log(): Log {
    return this.#facilities.log
  }

  get strings(): Strings {
    return this.#facilities.strings
  }

  /**
   * The database of the module, from `onDatabaseReady` to `onUnload`.
   *
   * @throws {ModulePermissionError} without `use_db` or `require_db`
   * @throws {DatabaseOffError} where databases of modules are switched off
   * @throws {WrongStateError} before it is there
   */
  get db(): ModuleDatabase {
    return this.#facilities.database()
  }

  /** Called first, before the database is there. */
  onInit(): void | Promise<void> {
    // A module need not have anything to begin with.
  }

  /** Called when the database is there and migrated; not without one. */
  onDatabaseReady(): void | Promise<void> {
    // A module need not have anything to look up.
  }

  /** Called when nothing of the module is reachable any more, and before its connection closes. */
  onUnload(): void | Promise<void> {
    // A module need not have anything to end.
  }
}

export type ModuleProviderClass = new (facilities: ModuleFacilities) => ModuleProvider
