/** @module The deletion stamp: of an operation, of a row, and of the entity in memory. */
import type {
  DriverMethodOptions,
  EntityDictionary,
  EntityManager,
  EntityMetadata,
  EntityProperty,
  Primary,
} from '@mikro-orm/core'
import { helper, ReferenceKind } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'
import { DELETED_AT } from './deleted-at.ts'
import { readFromRows } from './entity-rows.ts'

/** Sets the stamp in memory as the database has it, so that it is not seen as a change; other changes stay pending. */
export function mirrorStamp(em: EntityManager, entity: object, stamp: Date | null): void {
  mirror(em, entity, DELETED_AT, stamp)
}

/**
 * Sets the version in memory that the database has given the row: trashing and restoring count as changes.
 *
 * @param all those whose rows were written, of one model
 */
export async function mirrorVersions(
  em: SqlEntityManager,
  all: readonly object[],
  options: DriverMethodOptions,
): Promise<void> {
  // One that was not read would be written once more, to say so.
  const entities = all.filter((entity) => helper(entity).__initialized)
  const [first] = entities
  const meta = first && helper(first).__meta.root
  if (!meta?.versionProperty) return
  const { versionProperty } = meta
  const versions = await readFromRows(em, meta, entities, versionProperty, options)
  for (const entity of entities) {
    mirror(em, entity, versionProperty, versions.get(helper(entity).getSerializedPrimaryKey()))
  }
}

/** Takes back what was changed in memory and not written: the entity shows its row again. */
export function dropEdits(em: EntityManager, entity: object): void {
  takeBack(em, entity, () => true)
}

/** Gives an entity back the references that the ORM has deleted, which somebody who wants none sets to null. */
export function dropLostReferences(em: EntityManager, entity: object): void {
  const isLost = new Set(helper(entity).__meta.relations.map(({ name }) => name as string))
  takeBack(em, entity, (name) => isLost.has(name) && Reflect.get(entity, name) === undefined)
}

function takeBack(em: EntityManager, entity: object, isWanted: (name: string) => boolean): void {
  const { __meta: meta, __originalEntityData: original } = helper(entity)
  if (!original) return
  const comparator = em.getComparator()
  const changes = comparator.diffEntities(meta.class, original, comparator.prepareEntity(entity))
  const edits = Object.keys(changes).filter(isWanted)
  if (edits.length === 0) return
  const isOneToOne = (name: string) => propertyOf(meta, name)?.kind === ReferenceKind.ONE_TO_ONE
  for (const name of edits.filter(isOneToOne)) takeBackOneToOne(em, entity, name, Reflect.get(original, name))
  const others = edits.filter((name) => !isOneToOne(name))
  const data = Object.fromEntries(others.map((name) => [name, Reflect.get(original, name) ?? null]))
  em.getHydrator().hydrate(entity, meta, data, em.getEntityFactory(), 'full', false, true)
}

/** Behind the back of the ORM, which would take the place from whoever has it now: a new row of the same flush. */
function takeBackOneToOne(em: EntityManager, entity: object, name: string, key: unknown): void {
  const wrapped = helper(entity)
  const prop = propertyOf(wrapped.__meta, name)
  const target = prop?.targetMeta?.class
  const options = { wrapped: Boolean(prop?.ref) }
  // The key is the one that the row refers with.
  const value = key == null || !target ? null : em.getReference(target, key as Primary<object>, options)
  Reflect.set(wrapped.__data, name, value)
}

function propertyOf({ properties }: EntityMetadata, name: string): EntityProperty | undefined {
  return properties[name]
}

function mirror(em: EntityManager, entity: object, property: string, value: unknown): void {
  Reflect.set(entity, property, value)
  const wrapped = helper(entity)
  const now = em.getComparator().prepareEntity(entity)
  wrapped.__originalEntityData = {
    ...(wrapped.__originalEntityData ?? now),
    [property]: Reflect.get(now, property),
  }
}

/** The change that trashes a row, or with null brings it back. */
export function stampChange<T extends object>(stamp: Date | null): EntityDictionary<T> {
  // Every soft-deleted model has the column; the type of the model may not declare it.
  return { [DELETED_AT]: stamp } as unknown as EntityDictionary<T>
}

let last = 0

/** The time of one delete operation: in this process no two are equal, also when the clock stands still. */
export function operationStamp(): Date {
  last = Math.max(Date.now(), last + 1)
  return new Date(last)
}
