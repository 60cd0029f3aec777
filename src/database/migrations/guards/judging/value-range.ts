/** @module What values a type of a column can hold. */
import type { Dialect } from '../../../connections/driver.ts'
import type { SqlType } from '../reading/actions.ts'

export type ValueRange =
  | { readonly of: 'integer'; readonly bytes: number; readonly isUnsigned: boolean }
  /** Digits before and behind the point. */
  | { readonly of: 'decimal'; readonly whole: number; readonly scale: number }
  | { readonly of: 'float'; readonly bits: number }
  | { readonly of: 'text'; readonly length: number }
  | { readonly of: 'binary'; readonly length: number }
  | { readonly of: 'enum'; readonly values: readonly string[] }
  | {
      readonly of: 'instant'
      readonly hasZone: boolean
      readonly precision: number
      readonly isShort: boolean
    }
  | { readonly of: 'date' | 'boolean' | 'json' | 'uuid' }
  | { readonly of: 'time'; readonly precision: number }

const INTEGERS: Readonly<Record<string, number>> = {
  tinyint: 1,
  bool: 1,
  boolean: 1,
  year: 2,
  smallint: 2,
  int2: 2,
  smallserial: 2,
  serial2: 2,
  mediumint: 3,
  integer: 4,
  int: 4,
  int4: 4,
  serial: 4,
  serial4: 4,
  bigint: 8,
  int8: 8,
  bigserial: 8,
  serial8: 8,
}

const FLOATS: Readonly<Record<string, number>> = {
  real: 24,
  float4: 24,
  float: 24,
  float8: 53,
  double: 53,
  'double precision': 53,
}

/** In characters, or bytes. */
const LENGTHS: Readonly<Record<string, number>> = {
  tinytext: 255,
  tinyblob: 255,
  text: 65_535,
  blob: 65_535,
  mediumtext: 16_777_215,
  mediumblob: 16_777_215,
  longtext: 4_294_967_295,
  longblob: 4_294_967_295,
}

const TEXTS = new Set(
  'varchar char character nchar nvarchar text tinytext mediumtext longtext citext clob bpchar'.split(' '),
)
const BINARIES = new Set('bytea binary varbinary blob tinyblob mediumblob longblob bit'.split(' '))

/** Undefined for types that are not known. */
export function rangeOf(type: SqlType, dialect: Dialect): ValueRange | undefined {
  if (type.isArray) return undefined
  const isUnsigned = / unsigned\b/.test(type.name)
  const name = type.name.replace(/ (?:unsigned|signed|varying)\b/g, '')
  const bare = name.replace(/^(national|native) /, '')
  const size = Number(type.args[0])
  return (
    numberOf(bare, size, Number(type.args[1] ?? 0), isUnsigned, dialect) ??
    stringOf(bare, type, size, dialect) ??
    temporalOf(bare, size, dialect) ??
    (bare === 'jsonb' || bare === 'json' ? { of: 'json' } : bare === 'uuid' ? { of: 'uuid' } : undefined)
  )
}

function numberOf(
  name: string,
  size: number,
  scale: number,
  isUnsigned: boolean,
  dialect: Dialect,
): ValueRange | undefined {
  if (dialect !== 'mysql' && (name === 'boolean' || name === 'bool')) return { of: 'boolean' }
  const bytes = INTEGERS[name]
  if (bytes !== undefined) return { of: 'integer', bytes, isUnsigned }
  if (/^(?:numeric|decimal|dec|fixed)$/.test(name)) {
    if (size >= 0) return { of: 'decimal', whole: size - scale, scale }
    const whole = dialect === 'mysql' ? 10 : Number.POSITIVE_INFINITY
    return { of: 'decimal', whole, scale: dialect === 'mysql' ? 0 : Number.POSITIVE_INFINITY }
  }
  const bits = FLOATS[name]
  if (bits === undefined) return undefined
  // SQLite and `real` of MySQL have one kind, of eight bytes.
  const isWide =
    dialect === 'sqlite' || (dialect === 'mysql' && name === 'real') || (name === 'float' && size > 24)
  return {
    of: 'float',
    bits: isWide || (dialect === 'postgres' && name === 'float' && !(size <= 24)) ? 53 : bits,
  }
}

function stringOf(name: string, type: SqlType, size: number, dialect: Dialect): ValueRange | undefined {
  if (name === 'enum') return { of: 'enum', values: type.args }
  const isText = TEXTS.has(name)
  if (!isText && !BINARIES.has(name)) return undefined
  const of = isText ? 'text' : 'binary'
  if (size >= 0) return { of, length: size }
  const single = /^(?:char|character|nchar|binary|bit)$/.test(name) && type.name === name
  if (single) return { of, length: 1 }
  const length = dialect === 'mysql' ? LENGTHS[name] : undefined
  return { of, length: length ?? Number.POSITIVE_INFINITY }
}

function temporalOf(name: string, size: number, dialect: Dialect): ValueRange | undefined {
  if (name === 'date') return { of: 'date' }
  const precision = size >= 0 ? size : dialect === 'mysql' ? 0 : 6
  if (/^time(?: |tz$|$)/.test(name)) return { of: 'time', precision }
  if (!/^(?:timestamp|datetime)/.test(name)) return undefined
  const hasZone = name === 'timestamptz' || name.endsWith('with time zone')
  // That of MySQL ends in 2038.
  return { of: 'instant', hasZone, precision, isShort: dialect === 'mysql' && name === 'timestamp' }
}
