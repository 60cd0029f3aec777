/** @module The `modules` section of the configuration: where modules keep their databases, and how they are set up. */
import type { Driver } from '../database/connections/driver.ts'
import type { PoolOptions } from '../database/server/server-config.ts'
import type { ModuleExtensionClass } from './module-extension.ts'

export interface ModulesConfig {
  /** The folder of what belongs to modules, from the root: databases, copies, what is enabled; default `storage/modules`. */
  readonly storage?: string
  /**
   * Where the databases of modules are: `files` gives each an SQLite file in `storage`; `shared` gives each a schema
   * (PostgreSQL) or a database (MariaDB, MySQL) on the server of the default connection; a URL or a driver names another
   * server; `off` switches them off. Default: `files`, and `off` in an application without `DatabaseServiceProvider` or
   * whose default connection is off.
   */
  readonly database?: 'files' | 'shared' | 'off' | (string & {}) | Driver
  /** The one pool that all modules share on a server. */
  readonly pool?: PoolOptions
  /** Alter every module between its manifest and its registration, in this order. */
  readonly extensions?: readonly ModuleExtensionClass[]
  /** By module: replaces what its manifest has under `config`. */
  readonly config?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

declare module '../config/config.ts' {
  interface ConfigSections {
    modules: ModulesConfig
  }
}

/**
 * Defines how modules are set up, in `config/modules.ts`.
 *
 * @example
 * ```ts
 * import { defineModules } from 'limber/modules'
 *
 * export default defineModules({ database: 'files', config: { 'user-points': { start: 10 } } })
 * ```
 */
export function defineModules(config: ModulesConfig): ModulesConfig {
  return config
}
