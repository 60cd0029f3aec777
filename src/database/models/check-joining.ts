/** @module Looks at models that are to join those of the application, before its database is opened with all of them. */
import type { EntitySchema } from '@mikro-orm/core'
import type { Lazy } from '../../application/define-app.ts'
import { isClass } from '../../support/class-of.ts'
import { ModelFileError } from '../errors.ts'
import { loadModels, type ModelClass } from './load-models.ts'

/**
 * Refuses models that would keep the database from being opened.
 *
 * @param list what lists them, for messages
 * @throws {ModelFileError} when a file cannot be imported, exports no model, or one that is named like another
 */
export async function checkJoining(
  entries: readonly Lazy[],
  others: readonly Lazy[],
  list: string,
): Promise<void> {
  const own = await loadModels(entries, list)
  // What is wrong with those is told when the database is opened, by whoever lists them.
  const known: readonly ModelClass[] = await loadModels(others).catch(() => [])
  for (const model of own) {
    const name = nameOf(model)
    if (!known.some((other) => other !== model && nameOf(other) === name)) continue
    const hint = 'Give it another name: their tables would be the same.'
    const reason = `${name} is also the name of another model in the database of the application.`
    throw new ModelFileError(name, reason, hint, undefined, list)
  }
}

function nameOf(model: ModelClass): string {
  // What is no class is, by its type, a schema.
  return isClass(model) ? model.name : (model as EntitySchema).meta.className
}
