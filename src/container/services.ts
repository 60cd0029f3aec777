/** @module The registry of service keys and of tags: two interfaces that every room and every application adds to. */
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

/**
 * Maps each tag to what its services have to be. Add to it where services are asked for by the tag.
 *
 * @example
 * ```ts
 * interface Report {
 *   write(): Promise<void>
 * }
 *
 * declare module 'limber' {
 *   interface Tags {
 *     reports: Report
 *   }
 * }
 * ```
 */
// biome-ignore lint/suspicious/noEmptyInterface: it is empty here and filled by augmentation.
export interface Tags {}

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

/** The tags that are known to the type checker. */
export type TagName = keyof Tags & string

/** What may be tagged: the keys whose services are what the tag promises. */
export type TaggableKey<T extends TagName> =
  | { [K in ServiceName]: Services[K] extends Tags[T] ? K : never }[ServiceName]
  | AbstractConstructor<Tags[T]>

/** The types of the services under a list of keys, in the same order. */
export type ServicesOf<Keys extends readonly ServiceKey[]> = { [I in keyof Keys]: ServiceOf<Keys[I]> }

/** Shows a key the way messages do: a name in quotes, a class by its name. */
export function keyName(key: unknown): string {
  if (typeof key === 'string') return `"${key}"`
  if (typeof key === 'function') return key.name || '(anonymous class)'
  return String(key)
}
