/** @module The soft-deleted models of a connection, those that refer to others before them. */
import type { EntityMetadata } from '@mikro-orm/core'
import type { SqlEntityManager } from '@mikro-orm/sql'
import { suggest } from '../../support/suggest.ts'
import { referrersOf } from './followers.ts'
import { SoftModelNotFoundError } from './prune-errors.ts'
import { isSoftModel } from './soft-models.ts'

/**
 * @param only the name of the one that is wanted
 * @throws {SoftModelNotFoundError}
 */
export function modelsToPrune(em: SqlEntityManager, only?: string): EntityMetadata[] {
  const roots = [...em.getMetadata()].filter(
    (meta) => isSoftModel(meta) && meta.root === meta && !meta.abstract,
  )
  if (only === undefined) return inOrder(em, roots)
  const names = roots.map(({ className }) => className)
  const found = roots.find(({ className }) => className === only)
  if (!found) throw new SoftModelNotFoundError(only, names, suggest(only, names))
  return [found]
}

function inOrder(em: SqlEntityManager, roots: readonly EntityMetadata[]): EntityMetadata[] {
  const ordered = new Set<EntityMetadata>()
  const visited = new Set<EntityMetadata>()
  const visit = (meta: EntityMetadata): void => {
    if (visited.has(meta)) return
    visited.add(meta)
    for (const { meta: child } of referrersOf(em, meta)) visit(child)
    if (roots.includes(meta)) ordered.add(meta)
  }
  for (const meta of roots) visit(meta)
  return [...ordered]
}
