/** @module The modules that are known by type: each adds itself, and with it `db.session.<name>`. */
import type { Session } from '../database/sessions/session.ts'
import type { ModuleProvider } from './module-provider.ts'

/**
 * What `modules.get(name)` gives, by name of the module.
 *
 * @example
 * ```ts
 * import { ModuleProvider } from 'limber/modules'
 *
 * export class Shop extends ModuleProvider {}
 *
 * declare module 'limber/modules' {
 *   interface ModuleTypes {
 *     shop: Shop
 *   }
 * }
 * ```
 */
// biome-ignore lint/suspicious/noEmptyInterface: it is there to be added to.
export interface ModuleTypes {}

export type ModuleSessions = { [Name in keyof ModuleTypes & string as `db.session.${Name}`]: Session }

/** A name that a type is known for, or any other. */
export type ModuleName = (keyof ModuleTypes & string) | (string & {})

export type ModuleOf<Name> = Name extends keyof ModuleTypes ? ModuleTypes[Name] : ModuleProvider

declare module '../container/services.ts' {
  interface Services extends ModuleSessions {}
}
