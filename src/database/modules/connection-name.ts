/** @module What the connection of a module is called in `db`. */

const PREFIX = 'modules.'

/**
 * Gives the name of the connection of a module.
 *
 * @example
 * ```ts
 * import type { Application } from 'limber'
 * import { connectionNameOf } from 'limber/database'
 *
 * export const shopOf = (app: Application) => app.make('db').connection(connectionNameOf('shop'))
 * ```
 */
export function connectionNameOf(module: string): string {
  return `${PREFIX}${module}`
}
