/** @module Keeps a column that tells the kinds in one table from being changed by every migration. */
import type { MetadataStorage } from '@mikro-orm/core'

/**
 * The ORM notes the kinds as the items of the property also where a model declares it as a plain text. No database gives
 * them back, and every comparison would find them missing.
 */
export function spellDiscriminators(models: MetadataStorage): void {
  for (const { properties, root } of models) {
    const kind = root.discriminatorColumn ? properties[root.discriminatorColumn] : undefined
    if (kind && !kind.enum) Reflect.deleteProperty(kind, 'items')
  }
}
