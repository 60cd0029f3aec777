/** @module The property that tells when a row was soft-deleted. */

export const DELETED_AT = 'deletedAt'

/**
 * Tells whether the row of this entity is soft-deleted.
 *
 * @example
 * ```ts
 * import { isTrashed } from 'limber/database'
 *
 * isTrashed({ deletedAt: new Date() }) // true
 * ```
 */
export function isTrashed(entity: object): boolean {
  return stampOf(entity) !== undefined
}

export function stampOf(entity: object): Date | undefined {
  const stamp: unknown = Reflect.get(entity, DELETED_AT)
  return stamp instanceof Date ? stamp : undefined
}

/** A stamp as the database gives it. */
export function asDate(stamp: unknown): Date {
  return stamp instanceof Date ? stamp : new Date(Number(stamp))
}

interface Mapped {
  readonly props: readonly { readonly name: string; readonly fieldNames: readonly string[] }[]
}

/** The column of the stamp of a soft-deleted model. */
export function stampColumn({ props }: Mapped): string {
  return props.find(({ name }) => name === DELETED_AT)?.fieldNames[0] ?? DELETED_AT
}
