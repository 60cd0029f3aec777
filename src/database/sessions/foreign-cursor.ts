/** @module Places in lists come back from clients: what is in one goes into a condition, and must be a plain value there. */
import { Cursor, type EntityMetadata, type EntityProperty } from '@mikro-orm/core'
import { InvalidCursorError } from './session-errors.ts'

/** The values that stand for a property in JSON. */
const FITS: Readonly<Record<string, (value: unknown) => boolean>> = {
  number: (value) => typeof value === 'number',
  string: (value) => typeof value === 'string' && !value.includes('\0'),
  boolean: (value) => typeof value === 'boolean',
  bigint: isLargeInteger,
  // Where the type of the property is read from its class.
  BigInt: isLargeInteger,
  Date: (value) => (typeof value === 'string' || typeof value === 'number') && isStorable(new Date(value)),
}

/** Of 64 bits, which is what every database has. */
function isLargeInteger(value: unknown): boolean {
  const text = String(value)
  return /^-?\d{1,19}$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text)
}

/** PostgreSQL has no year below 1 in this notation, and above 9999 the notation is another one. */
function isStorable(date: Date): boolean {
  return !Number.isNaN(date.getTime()) && date.getUTCFullYear() >= 1 && date.getUTCFullYear() <= 9999
}

/** @throws {InvalidCursorError} when a place is none of a list in this order */
export function refuseForeignCursor<E extends object>(
  meta: EntityMetadata<E>,
  orderBy: Parameters<typeof Cursor.getDefinition<E>>[1],
  place: string,
): void {
  const order = Cursor.getDefinition(meta, orderBy)
  const values = decode(place)
  const fits =
    values?.length === order.length &&
    order.every(([name, direction], index) => isOf(meta.properties, String(name), direction, values[index]))
  if (!fits) throw new InvalidCursorError(meta.className)
}

function isOf(properties: object, name: string, direction: unknown, value: unknown): boolean {
  const property: EntityProperty | undefined = Reflect.get(properties, name)
  if (value === null) return true
  if (typeof direction === 'object' && direction !== null) return isNested(property, direction, value)
  if (typeof value === 'object') return false
  return FITS[property?.runtimeType ?? '']?.(value) ?? true
}

/** In an order by a property of a parent the place holds what is of the parent: the same names. */
function isNested(property: EntityProperty | undefined, direction: object, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const properties = property?.embeddedProps ?? property?.targetMeta?.properties ?? {}
  const names = Object.keys(direction)
  if (Object.keys(value).some((name) => !names.includes(name))) return false
  return names.every((name) => isOf(properties, name, Reflect.get(direction, name), Reflect.get(value, name)))
}

function decode(place: string): readonly unknown[] | undefined {
  try {
    const values: unknown = Cursor.decode(place)
    return Array.isArray(values) ? values : undefined
  } catch {
    return undefined
  }
}
