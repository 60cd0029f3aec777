/** @module Gives each connection its models. */
import { EntitySchema } from '@mikro-orm/core'
import { connectionOf } from './current-session.ts'
import { ConnectionNotFoundError } from './errors.ts'
import type { ModelClass } from './models.ts'

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

/** The names of these models, as messages and files have them. */
export function namesOf(models: readonly ModelClass[]): Set<string> {
  return new Set(models.map((model) => (EntitySchema.is(model) ? model.meta.className : model.name)))
}

function classOf(model: ModelClass): object {
  return EntitySchema.is(model) ? model.meta.class : model
}
