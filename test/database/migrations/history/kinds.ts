/** @module The kinds of changes that a history is made of. */
import type { MakeChange } from './change.ts'
import { columnChanges } from './column-changes.ts'
import { keyChanges } from './key-changes.ts'
import { tableChanges } from './table-changes.ts'

const all = { ...tableChanges, ...columnChanges, ...keyChanges }

export type Kind = keyof typeof all

export const CHANGES: Readonly<Record<Kind, MakeChange>> = all

// The keys of the object above are what its type says.
export const KINDS = Object.keys(CHANGES) as Kind[]
