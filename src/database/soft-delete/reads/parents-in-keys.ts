/** @module Parents that are a part of the key of an entity: hidden, the entity would lose its identity. */
import type { EntityMetadata, EntityProperty, PopulateOptions } from '@mikro-orm/core'
import { helper, LoadStrategy } from '@mikro-orm/core'
import { childrenOf, type Hint, isSoftToOne, relationOf } from './soft-relations.ts'

/** Has them read by a query of their own: a join that finds none would take the key from the row. */
export function readApart<E>(meta: EntityMetadata, hints: readonly PopulateOptions<E>[]): void {
  for (const hint of hints) {
    const prop = relationOf(meta, hint)
    if (!prop?.targetMeta) continue
    if (prop.primary && isSoftToOne(prop)) hint.strategy = LoadStrategy.SELECT_IN
    // Hints below are of the same kind, whatever their model.
    readApart(prop.targetMeta, childrenOf(hint) as readonly PopulateOptions<object>[])
  }
}

/** @returns what puts the references back that populating takes away; those in the trash stay without their row */
export function keepKeys(
  entities: readonly object[],
  hints: readonly Hint[],
  meta: EntityMetadata,
): () => void {
  const props = hints.flatMap((hint) => relationOf(meta, hint) ?? [])
  const kept = props
    .filter((prop) => prop.primary && isSoftToOne(prop))
    .flatMap((prop) => noted(entities, prop))
  return () => {
    for (const { entity, prop, value, original } of kept) {
      if (Reflect.get(entity, prop.name) != null) continue
      const wrapped = helper(entity)
      Reflect.set(wrapped.__data, prop.name, value)
      if (wrapped.__originalEntityData) Reflect.set(wrapped.__originalEntityData, prop.name, original)
    }
  }
}

function noted(entities: readonly object[], prop: EntityProperty) {
  return entities.map((entity) => ({
    entity,
    prop,
    value: Reflect.get(entity, prop.name) as unknown,
    original: Reflect.get(helper(entity).__originalEntityData ?? {}, prop.name) as unknown,
  }))
}
