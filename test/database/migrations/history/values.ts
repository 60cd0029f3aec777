/** @module Values of each type: new ones, and what a type makes of those of another. */
import type { Choices } from './choices.ts'
import type { Cell, ColumnType } from './description.ts'

const WORDS = ["it's", 'a "b"', 'who?', 'x; y', 'ABC', 'plain', '100 %', '-- no', '`tick`', ':name', '$1']
const TEXTS: readonly ColumnType[] = ['string', 'short', 'text']
const SHORTEST = 60
const LARGEST_INTEGER = 2 ** 31 - 1

/** Different each time: unique columns take it as well. */
export function newValue(type: ColumnType, number: number, choices: Choices): Cell {
  switch (type) {
    case 'boolean':
      return choices.chance(50)
    case 'double':
      return choices.chance(50) ? number + 0.5 : number
    case 'decimal':
      return choices.chance(50) ? number + 0.25 : number
    case 'datetime':
      return new Date(Date.UTC(2026, 0, 1) + number * 1_000 + 123).toISOString()
    case 'integer':
    case 'bigint':
      return choices.chance(10) ? -number : number
    default:
      return choices.chance(30) ? String(number) : `${choices.of(WORDS)} ${number}`
  }
}

/** The few values that a column may have as its default. */
export function newDefault(type: ColumnType, choices: Choices): Cell | undefined {
  switch (type) {
    case 'boolean':
      return choices.chance(50)
    case 'double':
      return choices.of([0, 1.5, -2])
    case 'decimal':
      return choices.of([0, 12.25, 3])
    case 'integer':
    case 'bigint':
      return choices.of([0, 1, 7, -3])
    case 'string':
    case 'short':
      return choices.of(['', '5', ...WORDS])
    default:
      return undefined
  }
}

/** What a value becomes, or undefined where databases differ or refuse. */
export function convert(value: Cell, from: ColumnType, to: ColumnType): Cell | undefined {
  if (value === null) return null
  if (TEXTS.includes(from) && TEXTS.includes(to))
    return to === 'short' && String(value).length > SHORTEST ? undefined : value
  if (TEXTS.includes(to)) return isWhole(from) ? String(value) : undefined
  if (TEXTS.includes(from))
    return isWhole(to) && /^(?:0|-?[1-9]\d{0,8})$/.test(String(value)) ? Number(value) : undefined
  if (from === 'boolean') return to === 'integer' ? Number(value) : undefined
  if (to === 'boolean') return from === 'integer' && (value === 0 || value === 1) ? Boolean(value) : undefined
  if (from === 'datetime' || to === 'datetime') return undefined
  const number = Number(value)
  if (isWhole(to) && !Number.isInteger(number)) return undefined
  if (to === 'integer' && Math.abs(number) > LARGEST_INTEGER) return undefined
  return number
}

function isWhole(type: ColumnType): boolean {
  return type === 'integer' || type === 'bigint'
}
