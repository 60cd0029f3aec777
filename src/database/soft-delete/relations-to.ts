/** @module Which relations may hold an entity: those to its model, and to the models that it extends. */
import type { EntityMetadata } from '@mikro-orm/core'
import { helper } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'

/** The relations, of whichever models, that may hold some of these entities. */
export function relationsTo(
  em: SqlEntityManager,
  entities: Iterable<object>,
): EntityMetadata['referencingProperties'] {
  const models = new Set<EntityMetadata>()
  for (const entity of entities) {
    let meta: EntityMetadata | undefined = helper(entity).__meta
    while (meta && !models.has(meta)) {
      models.add(meta)
      meta = meta.extends ? em.getMetadata().find(meta.extends) : undefined
    }
  }
  return [...models].flatMap((meta) => meta.referencingProperties)
}
