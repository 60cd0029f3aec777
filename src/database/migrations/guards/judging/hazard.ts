/** @module What a statement may cost. */

/**
 * `destructive`: rows or values are lost, or the migration fails because of them. `locking`: others wait while it works.
 * `breaking`: code that still runs fails. `note`: to be read.
 */
export type HazardKind = 'destructive' | 'locking' | 'breaking' | 'note'

export interface Hazard {
  readonly kind: HazardKind
  readonly statement: string
  readonly table?: string | undefined
  readonly column?: string | undefined
  /** One sentence: what happens. */
  readonly what: string
  /** How the same is reached at a lower price. */
  readonly safer?: string | undefined
}

/** A hazard before it is known which statement it belongs to. */
export type Finding = Omit<Hazard, 'statement'>

export const LATER =
  'Deploy code that no longer uses it, keep what is still needed, and drop it in a later migration.'
export const FILL_FIRST = 'Add it as nullable, fill it, and make it not null when every row has a value.'
export const FILL_THEN =
  'Fill it first, in a migration of its own, and make it not null when every row has a value.'
export const EXPAND =
  'Expand and contract: add the new one, write to both, copy what is there, deploy code that uses the new one, and drop the old one later.'
