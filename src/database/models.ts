/** @module Loads the models that the configuration lists. */
import type { EntitySchema } from '@mikro-orm/core'
import type { Lazy } from '../application/define-app.ts'
import { type Constructor, isClass } from '../support/class-of.ts'
import { ModelFileError } from './errors.ts'

/** A model as the ORM takes it: a decorated class, or the schema that `defineEntity` gives. */
export type ModelClass = Constructor<object> | EntitySchema

type IsModel = (value: unknown) => value is ModelClass

/**
 * Gives the models of a list: classes as they are, files by importing them.
 *
 * @throws {ModelFileError} when a file cannot be imported or exports no model
 */
export async function loadModels(entries: readonly Lazy[]): Promise<ModelClass[]> {
  const { EntitySchema, MetadataStorage } = await import('@mikro-orm/core')
  const isModel: IsModel = (value): value is ModelClass =>
    EntitySchema.is(value) || (isClass(value) && Object.hasOwn(value, MetadataStorage.PATH_SYMBOL))
  const lists = await Promise.all(entries.map((entry) => modelsOf(entry, isModel)))
  return [...new Set(lists.flat())]
}

async function modelsOf(entry: Lazy, isModel: IsModel): Promise<ModelClass[]> {
  const label = isClass(entry) ? entry.name : String(entry)
  const exported = isClass(entry)
    ? [entry]
    : Object.values(await importFile(entry as () => Promise<object>, label))
  const models = exported.filter(isModel)
  if (models.length > 0) return models
  const reason = isClass(entry) ? 'the class is not mapped.' : 'its file exports no mapped class.'
  throw new ModelFileError(label, reason, 'Put @Entity() of limber/database/mapping above the class.')
}

async function importFile(load: () => Promise<object>, label: string): Promise<object> {
  try {
    return await load()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const isCycle = error instanceof ReferenceError && /before initialization/.test(reason)
    const hint = isCycle
      ? 'Two model files import each other: name the other model as () => Other in the decorator, and as Ref<Other> in the type.'
      : 'Correct the file, or its path in config/app.ts.'
    throw new ModelFileError(label, reason, hint, error)
  }
}
