/** @module From a text of a client to the value of a property, so that no database is asked for what it cannot hold. */
import type { EntityProperty } from '@mikro-orm/core'

/** What a text has to look like. */
const TEXTS: Readonly<Record<string, RegExp>> = {
  number: /^-?\d{1,15}$/,
  bigint: /^-?\d{1,19}$/,
  // The same, where the type of the property is read from its class.
  BigInt: /^-?\d{1,19}$/,
  // PostgreSQL takes no text with a zero in it.
  string: /^[^\0]+$/,
}
const UUID = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i

/** Whether a text can be the value of a property: of a text, a whole number or a UUID. */
export function takesText(property: EntityProperty): boolean {
  return shapeOf(property) !== undefined
}

/** Gives the value that a text stands for, or undefined when no row can have it. */
export function valueOfText(property: EntityProperty, text: string): string | number | undefined {
  const shape = shapeOf(property)
  if (!shape?.test(text) || isTooLarge(shape, text)) return undefined
  // A UUID means the same in capitals, which not every database knows.
  if (shape === UUID) return text.toLowerCase()
  return property.runtimeType === 'number' ? Number(text) : text
}

function shapeOf({ type, columnTypes, runtimeType }: EntityProperty): RegExp | undefined {
  if (type === 'uuid' || columnTypes?.[0] === 'uuid') return UUID
  return TEXTS[runtimeType]
}

/** Of 64 bits, which is what every database has. */
function isTooLarge(shape: RegExp, text: string): boolean {
  const isLarge = shape === TEXTS.bigint || shape === TEXTS.BigInt
  return isLarge && BigInt.asIntN(64, BigInt(text)) !== BigInt(text)
}
