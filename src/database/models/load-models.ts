/** @module Loads the models that the configuration lists. */
import path from 'node:path'
import type { EntityMetadata, EntitySchema } from '@mikro-orm/core'
import type { Lazy } from '../../application/define-app.ts'
import { type Constructor, isClass } from '../../support/class-of.ts'
import { messageOf } from '../../support/message-of.ts'
import { fileOf, importCycle } from './import-cycle.ts'
import { ModelFault } from './model-fault.ts'

/** A model as the ORM takes it: a decorated class, or the schema that `defineEntity` gives. */
export type ModelClass = Constructor<object> | EntitySchema

type IsModel = (value: unknown) => value is ModelClass

/**
 * Gives the models of a list: classes as they are, files by importing them.
 *
 * @param list what lists them, for messages
 * @throws {ModelFileError} when a file cannot be imported or exports no model
 */
export async function loadModels(entries: readonly Lazy[], list = 'config/app.ts'): Promise<ModelClass[]> {
  try {
    return await load(entries)
  } catch (error) {
    throw error instanceof ModelFault ? error.of(list) : error
  }
}

async function load(entries: readonly Lazy[]): Promise<ModelClass[]> {
  const { EntitySchema, MetadataStorage } = await import('@mikro-orm/core')
  const isModel: IsModel = (value): value is ModelClass =>
    EntitySchema.is(value) || (isClass(value) && Object.hasOwn(value, MetadataStorage.PATH_SYMBOL))
  // The ORM takes a class without @Entity() for a base of others: it would have no table, and the one it had would go.
  const hasTable = (model: ModelClass) =>
    EntitySchema.is(model) || Boolean(Reflect.get(model, MetadataStorage.META_SYMBOL)?.name)
  const lists = await Promise.all(entries.map((entry) => modelsOf(entry, isModel, hasTable)))
  const models = [...new Set(lists.flat())]
  for (const model of models) {
    if (!isClass(model)) continue
    const file: string = Reflect.get(model, MetadataStorage.PATH_SYMBOL)
    refuseUndefinedRelations(MetadataStorage.getMetadata(model.name, file, model), model)
  }
  return models
}

async function modelsOf(
  entry: Lazy,
  isModel: IsModel,
  hasTable: (model: ModelClass) => boolean,
): Promise<ModelClass[]> {
  const label = isClass(entry) ? entry.name : String(entry)
  const exported = isClass(entry)
    ? [entry]
    : Object.values(await importFile(entry as () => Promise<object>, label))
  const models = exported.filter(isModel)
  const forgotten = models.find(
    (model) => !hasTable(model) && !models.some((other) => extendsClass(other, model)),
  )
  if (forgotten) {
    const reason = `${forgotten.name} has mapped properties, but no @Entity(): it would have no table.`
    throw new ModelFault(label, reason, `Put @Entity() above class ${forgotten.name}.`)
  }
  if (models.length > 0) return models
  const reason = isClass(entry) ? 'the class is not mapped.' : 'its file exports no mapped class.'
  throw new ModelFault(label, reason, 'Put @Entity() of limber/database/mapping above the class.')
}

async function importFile(load: () => Promise<object>, label: string): Promise<object> {
  try {
    return await load()
  } catch (error) {
    const reason = messageOf(error)
    const isCycle = error instanceof ReferenceError && /before initialization/.test(reason)
    if (isCycle) throw cycleError(label, reason, fileOf(error), error)
    throw new ModelFault(label, reason, 'Correct the file, or the path to it.', error)
  }
}

/** Says which files import each other, when that can be found out. */
function cycleError(label: string, reason: string, file: string | undefined, cause: unknown): ModelFault {
  const cycle = file === undefined ? undefined : importCycle(file)
  const names = cycle?.map((name) => path.relative(path.dirname(path.dirname(file ?? '')), name))
  const what = names ? `${reason}: ${names.join(' → ')} import each other.` : reason
  const hint =
    'Two model files import each other: name the other model as () => Other in the decorator, and as Ref<Other> in the type.'
  return new ModelFault(label, what, hint, cause)
}

/** A relation that names no class: the file of the other model had not run when this one did. */
function refuseUndefinedRelations(
  { className, path: file, properties }: EntityMetadata,
  model: object,
): void {
  for (const { name, kind, entity } of Object.values(properties)) {
    if (kind === undefined || kind === 'scalar' || !isUndefined(entity, model, name)) continue
    throw cycleError(file ?? className, `the class of ${className}.${name} is undefined`, file, undefined)
  }
}

function isUndefined(entity: unknown, model: object, name: string): boolean {
  if (typeof entity === 'function') return !isClass(entity) && entity() === undefined
  const type: unknown = Reflect.getMetadata('design:type', Reflect.get(model, 'prototype'), name)
  return entity === undefined && (type === undefined || type === Object)
}

function extendsClass(type: ModelClass, base: ModelClass): boolean {
  return isClass(type) && isClass(base) && type.prototype instanceof base
}
