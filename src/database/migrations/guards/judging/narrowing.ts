/** @module Whether values that a column has fit into the type it is to have. */
import type { Dialect } from '../../../connections/driver.ts'
import type { SqlType } from '../reading/actions.ts'
import { rangeOf, type ValueRange } from './value-range.ts'

/** `converts`: nothing is refused, and yet values change, as SQLite does it. */
export type Narrowing = 'fits' | 'narrows' | 'unknown' | 'converts' | 'not enforced'

export function narrowing(from: SqlType, to: SqlType, dialect: Dialect): Narrowing {
  if (from.text === to.text) return 'fits'
  if (dialect === 'sqlite') return narrowingOfAffinity(from, to)
  const [old, next] = [rangeOf(from, dialect), rangeOf(to, dialect)]
  if (!old || !next) return 'unknown'
  return holds(next, old) ? 'fits' : 'narrows'
}

/** SQLite keeps what does not fit, but a number that was a text loses its zeros: the type is no more than a wish. */
function narrowingOfAffinity(from: SqlType, to: SqlType): Narrowing {
  const [old, next] = [affinityOf(from.name), affinityOf(to.name)]
  if (old !== next) return isNumeric(next) && !isNumeric(old) ? 'converts' : 'fits'
  const [wide, narrow] = [rangeOf(from, 'sqlite'), rangeOf(to, 'sqlite')]
  return !wide || !narrow || holds(narrow, wide) ? 'fits' : 'not enforced'
}

/** The rules of SQLite, in their order. */
function affinityOf(type: string): string {
  if (/int/.test(type)) return 'integer'
  if (/char|clob|text/.test(type)) return 'text'
  if (/blob/.test(type)) return 'blob'
  return /real|floa|doub/.test(type) ? 'real' : 'numeric'
}

function isNumeric(affinity: string): boolean {
  return affinity === 'integer' || affinity === 'real' || affinity === 'numeric'
}

const DIGITS = [0, 3, 5, 7, 10, 0, 0, 0, 20]

/** Whether every value of the old range is one of the new range. */
function holds(next: ValueRange, old: ValueRange): boolean {
  if (next.of === 'text') return textHolds(next.length, old)
  if (next.of === 'integer') return integerHolds(next, old)
  if (next.of === 'decimal') return decimalHolds(next, old)
  if (next.of === 'float') return floatHolds(next.bits, old)
  if (next.of === 'instant') return instantHolds(next, old)
  if (next.of === 'binary') return (old.of === 'binary' || old.of === 'text') && next.length >= old.length
  if (next.of === 'enum') return old.of === 'enum' && old.values.every((value) => next.values.includes(value))
  if (next.of === 'time') return old.of === 'time' && next.precision >= old.precision
  return next.of === old.of
}

function textHolds(length: number, old: ValueRange): boolean {
  if (length === Number.POSITIVE_INFINITY) return old.of !== 'binary'
  if (old.of === 'text') return length >= old.length
  if (old.of === 'enum') return old.values.every((value) => value.length - 2 <= length)
  if (old.of === 'integer') return length > (DIGITS[old.bytes] ?? 20)
  if (old.of === 'decimal') return length >= old.whole + old.scale + 2
  if (old.of === 'uuid') return length >= 36
  if (old.of === 'json' || old.of === 'binary') return length >= 65_535
  return length >= 35
}

function integerHolds(next: { bytes: number; isUnsigned: boolean }, old: ValueRange): boolean {
  if (old.of === 'boolean') return true
  if (old.of === 'decimal') return old.scale === 0 && old.whole < (DIGITS[next.bytes] ?? 0)
  if (old.of !== 'integer') return false
  if (next.isUnsigned) return old.isUnsigned && next.bytes >= old.bytes
  return old.isUnsigned ? next.bytes > old.bytes : next.bytes >= old.bytes
}

function decimalHolds(next: { whole: number; scale: number }, old: ValueRange): boolean {
  if (old.of === 'integer') return next.whole >= (DIGITS[old.bytes] ?? 20)
  if (old.of === 'float') return next.whole === Number.POSITIVE_INFINITY
  return old.of === 'decimal' && next.whole >= old.whole && next.scale >= old.scale
}

function floatHolds(bits: number, old: ValueRange): boolean {
  if (old.of === 'integer') return old.bytes * 8 <= bits
  return old.of === 'float' && bits >= old.bits
}

function instantHolds(
  next: { hasZone: boolean; precision: number; isShort: boolean },
  old: ValueRange,
): boolean {
  if (next.isShort && (old.of === 'date' || (old.of === 'instant' && !old.isShort))) return false
  if (old.of === 'date') return true
  if (old.of !== 'instant' || next.precision < old.precision) return false
  // Without its zone, a point in time is a time of the day somewhere.
  return next.hasZone || !old.hasZone
}
