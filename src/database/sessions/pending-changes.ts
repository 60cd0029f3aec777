/** @module What a flush would write, in words: the entity and its properties. */
import type { ChangeSet, UnitOfWork } from '@mikro-orm/core'
import { ChangeSetType, helper } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'
import type { Fault } from '../../errors/limber-error.ts'

/** Finds what is changed in memory and not written. */
export function findPendingChanges(session: SqlEntityManager): Fault[] {
  const work = session.getUnitOfWork(false)
  work.computeChangeSets()
  // Values that a flush would write in a second step are taken out of the entity until then.
  for (const [entity, names, values] of work.getExtraUpdates()) {
    for (const [index, name] of [names].flat().entries()) Reflect.set(entity, name, [values].flat()[index])
  }
  return changesOf(work)
}

/** Names what a flush has found. */
export function changesOf(work: UnitOfWork): Fault[] {
  const collections = work.getCollectionUpdates().map(({ owner, property }) => ({
    path: nameOf(owner),
    message: property.name,
  }))
  const changes = work.getChangeSets().map((set) => ({ path: nameOf(set.entity), message: changeOf(set) }))
  return [...changes, ...collections]
}

function changeOf({ type, payload }: ChangeSet<object>): string {
  if (type === ChangeSetType.DELETE || type === ChangeSetType.DELETE_EARLY) return 'removed'
  const names = Object.keys(payload).join(', ')
  return type === ChangeSetType.CREATE ? `new (${names})` : names
}

function nameOf(entity: object): string {
  const wrapped = helper(entity)
  const key = wrapped.hasPrimaryKey() ? ` ${wrapped.getSerializedPrimaryKey()}` : ''
  return `${wrapped.__meta.className}${key}`
}
