/** @module How the files of migrations are named, and what order their names give. */

export interface MigrationNaming {
  /** The name of the migration in a file; undefined when it is called like none. */
  nameOf(file: string): string | undefined
  /** Whether somebody meant a migration: a file that is called like none would be passed over. */
  isMeant(file: string): boolean
  /** How a file is to be called. */
  readonly hint: string
  compare(a: string, b: string): number
  /** Whether a name begins like this, as a person shortens it. */
  begins(name: string, written: string): boolean
  /** The name of one that stands for several, in the place of the last of them. */
  squashName(last: string, words: readonly string[]): string
  /** Migrations behind it are there and not applied; without one, all are. */
  readonly limit?: MigrationLimit
  /** Whether a row of the ledger that is no migration itself stands for this one. */
  covers?(row: string, name: string): boolean
}

export interface MigrationLimit {
  readonly version: string
  includes(name: string): boolean
}

/** A declaration is a part of a build. */
const SCRIPT = /(?<!\.d)\.[cm]?[jt]s$/
const STAMPED = /^(\d{14}_[a-z0-9_]+)\.(ts|js)$/
const STAMP_LENGTH = 14

/** Those of an application: the time they were written at, and what they do. */
export const stampNaming: MigrationNaming = {
  nameOf: (file) => STAMPED.exec(file)?.[1],
  isMeant,
  hint: 'Call it like 20260131120000_add_isbn.ts: 14 digits, then a to z, 0 to 9 and _.',
  compare: compareText,
  begins: (name, written) => name.startsWith(written),
  squashName: (last, words) => [last.slice(0, STAMP_LENGTH), ...words].join('_'),
}

export function isMeant(file: string): boolean {
  return /^\d/.test(file) && SCRIPT.test(file)
}

/** A database has an order of its own for names. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
