/** @module Gives each connection its models. */
import { EntitySchema } from '@mikro-orm/core'
import { type ConnectionTable, connectionNamedBy } from '../connection-table.ts'
import type { Connection } from '../connections/connection.ts'
import { ConnectionNotFoundError, ModelFileError } from '../errors.ts'
import type { ModelClass } from './load-models.ts'

/** @throws {ConnectionNotFoundError} when a model names a connection that is not configured */
export function shareModels(
  models: readonly ModelClass[],
  connections: readonly string[],
  defaultName: string,
): Map<string, ModelClass[]> {
  const shares = Map.groupBy(models, (model) => connectionNamedBy(classOf(model)) ?? defaultName)
  for (const name of shares.keys()) {
    if (name !== defaultName && !connections.includes(name))
      throw new ConnectionNotFoundError(name, connections)
  }
  return shares
}

/**
 * Refuses a model that has come along through a relation: the ORM would give it a second table here, and nobody would see
 * the rows of the first.
 *
 * @throws {ModelFileError}
 */
export function refuseStrays({ name, orm }: Connection, table: ConnectionTable, list?: string): void {
  for (const meta of orm.getMetadata()) {
    // A model that nobody lists comes along with those of a connection that was added, or else is on the default one.
    const home = table.find(meta.class ?? {}) ?? (list === undefined ? table.defaultName : name)
    if (home === name || meta.abstract || meta.embeddable || meta.pivotTable) continue
    const reason = `${meta.className} is on the connection "${home}", and a model of "${name}" has a relation to it.`
    throw new ModelFileError(
      meta.className,
      reason,
      'Keep its key in a plain property instead of a relation.',
      undefined,
      list,
    )
  }
}

/** @throws {ModelFileError} when one of these models is on another connection already, or names another one */
export function refuseTaken(
  models: readonly ModelClass[],
  name: string,
  table: ConnectionTable,
  list: string,
): void {
  for (const model of models) {
    const home = table.find(classOf(model))
    if (home === undefined || home === name) continue
    const [title = ''] = namesOf([model])
    const reason = `${title} is on the connection "${home}", and cannot be on "${name}" as well.`
    throw new ModelFileError(title, reason, 'List it once, and name no connection in it.', undefined, list)
  }
}

/** The names of these models, as messages and files have them. */
export function namesOf(models: readonly ModelClass[]): Set<string> {
  return new Set(models.map((model) => (EntitySchema.is(model) ? model.meta.className : model.name)))
}

/** The class that rows of the model are of. */
export function classOf(model: ModelClass): object {
  return EntitySchema.is(model) ? model.meta.class : model
}
