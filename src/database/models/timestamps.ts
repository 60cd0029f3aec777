/** @module Adds `createdAt` and `updatedAt` to models that ask for them. */
import type { EntityMetadata } from '@mikro-orm/core'

const CREATED_AT = 'createdAt'
const UPDATED_AT = 'updatedAt'

export const STAMPS: readonly string[] = [CREATED_AT, UPDATED_AT]

/** Prepares the metadata of a model; called once for each when it is discovered. */
export function prepareTimestamps(meta: EntityMetadata): void {
  if (!meta.class || Reflect.get(meta.class, 'timestamps') !== true) return
  for (const name of STAMPS) {
    if (!meta.properties[name]) addColumn(meta, name)
    const property = meta.properties[name]
    if (!property) continue
    property.onCreate ??= (entity: object) => Reflect.get(entity, name) ?? new Date()
    if (name === UPDATED_AT) property.onUpdate ??= () => new Date()
  }
}

/** Null is allowed, so that they can be added to a table that has rows. */
function addColumn(meta: EntityMetadata, name: string): void {
  meta.addProperty({
    name,
    kind: 'scalar',
    type: 'Date',
    runtimeType: 'Date',
    nullable: true,
    length: 3,
  } as Parameters<EntityMetadata['addProperty']>[0])
}
