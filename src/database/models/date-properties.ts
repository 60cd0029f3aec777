/** @module Keeps properties of the type "datetime" from being written whenever their row is read. */
import type { EntityMetadata } from '@mikro-orm/core'

/**
 * The ORM compares dates by their time only where the type is spelled "Date". Spelled "datetime", the date it has read
 * differs from the number it would write, and each flush overwrites the column, also what others wrote meanwhile.
 */
export function spellDates(meta: EntityMetadata): void {
  for (const property of Object.values(meta.properties)) {
    if (property.type === 'datetime' && !property.customType) property.type = 'Date'
  }
}
