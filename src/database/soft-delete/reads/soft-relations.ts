/** @module Makes relations to soft-deleted models known to every query that reads through them. */
import type { EntityMetadata, EntityProperty, MetadataStorage } from '@mikro-orm/core'
import { ReferenceKind } from '@mikro-orm/core'
import { isSoftModel } from '../soft-models.ts'
import { relationFilters } from '../trash-options.ts'

/** What the ORM is told to populate, whatever the model. */
export interface Hint {
  readonly field: unknown
  readonly children?: unknown
}

/** Called once the models of a connection are known. */
export function prepareSoftRelations(metadata: MetadataStorage): void {
  for (const meta of metadata) {
    if (meta.pivotTable) continue
    for (const prop of meta.relations) {
      if (!isSoftModel(prop.targetMeta)) continue
      // They are read as filters of the application are, by their names.
      prop.filters = relationFilters(
        `${meta.className}.${prop.name}`,
        prop.filters,
        showsTrash(prop),
      ) as NonNullable<EntityProperty['filters']>
    }
  }
}

/** Whether a relation is declared as one to the rows of the trash as well. */
export function showsTrash(prop: EntityProperty): boolean {
  return Reflect.get(prop, 'withTrashed') === true
}

/** A relation of one row to at most one, which may be in the trash. */
export function isSoftToOne(prop: EntityProperty | undefined): boolean {
  const isToOne = prop?.kind === ReferenceKind.MANY_TO_ONE || prop?.kind === ReferenceKind.ONE_TO_ONE
  return isToOne && isSoftModel(prop?.targetMeta)
}

/** A relation of one row to many, some of which may be in the trash. */
export function isSoftToMany(prop: EntityProperty | undefined): boolean {
  const isToMany = prop?.kind === ReferenceKind.ONE_TO_MANY || prop?.kind === ReferenceKind.MANY_TO_MANY
  return isToMany && isSoftModel(prop?.targetMeta)
}

function relationNamed(meta: EntityMetadata, name: string): EntityProperty | undefined {
  // The name is one of them.
  return Object.hasOwn(meta.properties, name) ? meta.properties[name as never] : undefined
}

/** The relation of a hint, which may ask for nothing but the key: `author:ref`. */
export function relationOf(meta: EntityMetadata, { field }: Hint): EntityProperty | undefined {
  return relationNamed(meta, String(field).split(':')[0] ?? '')
}

export function childrenOf({ children }: Hint): readonly Hint[] {
  // A hint holds hints, or whether everything is populated.
  return Array.isArray(children) ? (children as readonly Hint[]) : []
}
