/** @module The `modules` section of the configuration: where modules keep their databases, and how they are set up. */
import type { ModuleDriverSettings } from '../database/modules/module-drivers.ts'
import type { ModuleExtensionClass } from './module-extension.ts'

export interface ModulesConfig extends ModuleDriverSettings {
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
