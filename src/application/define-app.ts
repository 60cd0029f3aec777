/** @module The `app` section of the configuration: what the application is made of. */
import type { ServiceProviderClass } from './service-provider.ts'

/** A class, or a function that imports the file which exports it. */
export type Lazy = (abstract new (...args: never[]) => unknown) | (() => Promise<object>)

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
