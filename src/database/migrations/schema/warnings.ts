/** @module What a generated migration does to tables that have rows, in words. */
import type { Dialect } from '../../connections/driver.ts'
import type { SchemaSnapshot } from './snapshots/schema-snapshot.ts'

/** @param before without what was renamed: that keeps its rows */
export function warningsOf(after: SchemaSnapshot, before: SchemaSnapshot, dialect: Dialect): string[] {
  return [
    ...after.newRequiredColumns(before).map(({ table, column }) => required(table, column, dialect)),
    ...after
      .lostColumns(before)
      .map(({ table, column, isRequired }) => lost(table, column, isRequired, dialect)),
    ...after.lostTables(before).map((table) => `"${table}" is dropped with all its rows.`),
    ...after.lostByHand(before).map((what) => `${what} is dropped: no model asks for it.`),
  ]
}

function lost(table: string, column: string, isRequired: boolean, dialect: Dialect): string {
  const effect = `"${column}" of "${table}" is dropped with all that is in it.`
  if (!isRequired) return effect
  const back = dialect === 'mysql' ? 'gives rows an empty text or 0' : `fails when "${table}" has rows`
  return `${effect} It was not null and had no default: down() ${back}.`
}

function required(table: string, column: string, dialect: Dialect): string {
  const effect =
    dialect === 'mysql'
      ? `rows that "${table}" has get an empty text, 0, or an error for what is neither.`
      : `this fails when "${table}" has rows.`
  return (
    `"${column}" of "${table}" is not null and has no default: ${effect} ` +
    'Give it a default, or make it nullable, fill it, and make it not null in a later migration.'
  )
}
