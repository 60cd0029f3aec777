/** @module The driver of a database that is switched off: everything that needs none works. */
import type { Driver } from '../connections/driver.ts'
import { DatabaseOffError } from '../errors.ts'

/**
 * Switches a database off. Asking for its connection or its session is an error, and nothing else is.
 *
 * @example
 * ```ts
 * import { defineDatabase, nullDriver } from 'limber/database'
 *
 * export default defineDatabase({ default: 'main', connections: { main: nullDriver() } })
 * ```
 */
export function nullDriver(): Driver {
  return {
    name: 'null',
    dialect: 'sqlite',
    label: 'null:',
    hasOneWriter: false,
    isOff: true,
    scratch: () => nullDriver(),
    isUnavailable: () => false,
    load: () => Promise.reject(new DatabaseOffError()),
  }
}
