/** @module Port: the databases of modules, for the commands that take `--module` and for the look at drift. */

export interface ModuleDatabaseSource {
  readonly module: string
  /** The name of its connection in `db`. */
  readonly connection: string
  /** The version in its manifest: migrations up to this one are applied. */
  readonly version: string
  /** Its folder with migrations, absolute; it need not exist. */
  readonly migrations: string
}

export interface ModuleDatabases {
  /** Of every module that is loaded and has a database of its own, in the order they were loaded. */
  all(): readonly ModuleDatabaseSource[]
  /**
   * Opens the connection of a module, whether or not its life has begun. Nothing is migrated.
   *
   * @throws {ModuleNotFoundError} @throws {NoModuleDatabaseError}
   */
  open(module: string): Promise<ModuleDatabaseSource>
}

declare module '../../container/services.ts' {
  interface Services {
    'modules.databases': ModuleDatabases
  }
}
