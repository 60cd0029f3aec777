/** @module Where the trash is shown, several rows may be the other side of a one-to-one: the live one is. */
import type { EntityProperty } from '@mikro-orm/core'
import { FlushMode, helper, Reference } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'
import { asOwnRead } from '../../insight/own-reads.ts'
import { isTrashed } from '../deleted-at.ts'
import { chunksOf } from '../key-rows.ts'
import { isAssigned, parentOf } from './parents-in-trash.ts'
import { childrenOf, type Hint } from './soft-relations.ts'

/** Shows the live row in each entity that shows one of the trash, if there is one. */
export async function preferLive(
  em: SqlEntityManager,
  entities: readonly object[],
  prop: EntityProperty,
  hint: Hint,
): Promise<void> {
  const owning = prop.targetMeta?.properties[prop.mappedBy]
  const target = prop.targetMeta
  if (!target || !owning) return
  const asked = entities.filter((entity) => {
    const other = parentOf(entity, prop)
    return other && isTrashed(other) && !isAssigned(em, other, owning)
  })
  for (const chunk of chunksOf(asked)) {
    const where = { [owning.name]: { $in: chunk.map((entity) => helper(entity).getPrimaryKey()) } }
    const options = { populate: childrenOf(hint), withTrashed: false, flushMode: FlushMode.COMMIT }
    // The names are those of the metadata, which the types of the ORM cannot know.
    const shown = new Map(chunk.map((entity) => [entity, show(entity, prop, null)]))
    // Read while the entities show nothing: setters take the foreign key from the row that is replaced.
    const live = await asOwnRead(() => em.find<object>(target.class, where as object, options as object))
    for (const other of live) {
      const entity = parentOf(other, owning)
      if (!entity) continue
      show(entity, prop, prop.ref ? Reference.create(other) : other)
      shown.delete(entity)
    }
    for (const [entity, value] of shown) show(entity, prop, value)
  }
}

/** @returns what it has shown before */
function show(entity: object, prop: EntityProperty, value: unknown): unknown {
  const data = helper(entity).__data
  const before: unknown = Reflect.get(data, prop.name)
  Reflect.set(data, prop.name, value)
  return before
}
