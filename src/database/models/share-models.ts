/** @module Gives each connection its models. */
import { EntitySchema } from '@mikro-orm/core'
import type { Connection } from '../connections/connection.ts'
import { ConnectionNotFoundError, ModelFileError } from '../errors.ts'
import { connectionOf } from '../sessions/current-session.ts'
import type { ModelClass } from './load-models.ts'

/** @throws {ConnectionNotFoundError} when a model names a connection that is not configured */
export function shareModels(
  models: readonly ModelClass[],
  connections: readonly string[],
  defaultName: string,
): Map<string, ModelClass[]> {
  const shares = Map.groupBy(models, (model) => connectionOf(classOf(model)) ?? defaultName)
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
export function refuseStrays({ name, orm }: Connection, defaultName: string): void {
  for (const meta of orm.getMetadata()) {
    const home = connectionOf(meta.class ?? {}) ?? defaultName
    if (home === name || meta.abstract || meta.embeddable || meta.pivotTable) continue
    const reason = `${meta.className} is on the connection "${home}", and a model of "${name}" has a relation to it.`
    throw new ModelFileError(
      meta.className,
      reason,
      'Keep its key in a plain property instead of a relation.',
    )
  }
}

/** The names of these models, as messages and files have them. */
export function namesOf(models: readonly ModelClass[]): Set<string> {
  return new Set(models.map((model) => (EntitySchema.is(model) ? model.meta.className : model.name)))
}

function classOf(model: ModelClass): object {
  return EntitySchema.is(model) ? model.meta.class : model
}
