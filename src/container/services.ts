/** @module The registry of service keys: one interface that every room and every application adds to. */
import type { AbstractConstructor } from '../support/class-of.ts'

/**
 * Maps each service key to the type of its service. Add to it where the service is bound.
 *
 * @example
 * ```ts
 * class Mailer {}
 *
 * declare module 'limber' {
 *   interface Services {
 *     mailer: Mailer
 *   }
 * }
 * ```
 */
// biome-ignore lint/suspicious/noEmptyInterface: it is empty here and filled by augmentation.
export interface Services {}

/** The string keys that are known to the type checker. */
export type ServiceName = keyof Services & string

/** What a service can be asked for by: a declared name or a class. */
export type ServiceKey<T = unknown> = ServiceName | AbstractConstructor<T>

/** The type of the service under a key. */
export type ServiceOf<K> = K extends ServiceName
  ? Services[K]
  : K extends AbstractConstructor<infer T>
    ? T
    : never

/** The types of the services under a list of keys, in the same order. */
export type ServicesOf<Keys extends readonly ServiceKey[]> = { [I in keyof Keys]: ServiceOf<Keys[I]> }

/** Shows a key the way messages do: a name in quotes, a class by its name. */
export function keyName(key: unknown): string {
  if (typeof key === 'string') return `"${key}"`
  if (typeof key === 'function') return key.name || '(anonymous class)'
  return String(key)
}
