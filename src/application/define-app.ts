/** @module The `app` section of the configuration: what the application is made of. */
import type { ServiceProviderClass } from './service-provider.ts'

/** A class, or a function that imports the file which exports it. */
export type Lazy = (abstract new (...args: never[]) => unknown) | (() => Promise<object>)

/** The folders of modules: a pattern such as `modules/*`, or one folder with what it may do. */
export type ModuleEntry = string | GrantedModule

/** A module that is enabled in the configuration: what it may do is consented to here, and not asked. */
export interface GrantedModule {
  /** From the root of the application. */
  readonly folder: string
  /** What it may do. A manifest that asks for more is refused. */
  readonly permissions: readonly string[]
}

export interface AppDefinition {
  readonly name: string
  /** Registered and booted in this order. */
  readonly providers: readonly ServiceProviderClass[]
  /** The models of the application's database. */
  readonly models?: readonly Lazy[]
  /** The application's own commands. */
  readonly commands?: readonly Lazy[]
  /** The file with the routes, from the root; default: `app/http/routes`. */
  readonly routes?: string
  /** Where modules are. Those of a pattern are loaded when they were enabled with `limber module enable`. */
  readonly modules?: readonly ModuleEntry[]
  /** Whether a module that cannot be loaded stops the start; default false: the application goes on without it. */
  readonly strictModules?: boolean
}

declare module '../config/config.ts' {
  interface ConfigSections {
    app: AppDefinition
  }
}

/**
 * Defines the application in `config/app.ts`.
 *
 * @example
 * ```ts
 * import { defineApp, env } from 'limber'
 * import { DatabaseServiceProvider } from 'limber/database'
 *
 * export default defineApp({
 *   name: env.string('APP_NAME', 'limber'),
 *   providers: [DatabaseServiceProvider],
 * })
 * ```
 */
export function defineApp(definition: AppDefinition): AppDefinition {
  return definition
}
