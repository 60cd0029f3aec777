/** @module Finds the rows that paths of routes name. */
import type { EntityProperty, FilterQuery } from '@mikro-orm/core'
import type { Application } from '../../application/application.ts'
import type { ModelBinder, ModelBinding } from '../../application/ports/model-binder.ts'
import { ModelNotFoundError } from '../errors.ts'
import { currentSession } from '../sessions/current-session.ts'
import { dbOf } from '../sessions/scope-sessions.ts'
import { metadataOf } from './model-query.ts'
import { takesText, valueOfText } from './text-value.ts'

export class PathModelBinder implements ModelBinder {
  readonly #app: Application

  constructor(app: Application) {
    this.#app = app
  }

  objection({ model, by, of }: ModelBinding): string | undefined {
    const db = dbOf(this.#app)
    const { orm } = db.connection(db.homeOf(model))
    const meta = orm.getMetadata().find(model)
    if (!meta) return `${model.name} is no model of its connection.`
    const key = by ?? (meta.primaryKeys.length === 1 ? meta.primaryKeys[0] : undefined)
    if (key === undefined) return `the key of ${model.name} has several columns; name one property with "by".`
    const property = meta.properties[key]
    if (!property) return `${model.name} has no property "${key}".`
    if (!takesText(property)) return `"${key}" of ${model.name} is neither a text nor a whole number.`
    if (of !== undefined && !meta.properties[of]) return `${model.name} has no property "${of}".`
    return undefined
  }

  async find(binding: ModelBinding, text: string, owner: object | undefined): Promise<object> {
    const { model, by, of, populate = [], withTrashed = false } = binding
    const session = currentSession(model, 'find')
    const meta = metadataOf(session, model)
    const key = by ?? String(meta.primaryKeys[0])
    // The property is there: the binding was asked for objections before the first request.
    const property: EntityProperty = Reflect.get(meta.properties, key)
    const value = valueOfText(property, text)
    if (value !== undefined) {
      const where = { [key]: value, ...(of !== undefined && { [of]: owner }) }
      // These names are checked as well, though no type knows them.
      const found = await session.findOne(model, where as FilterQuery<object>, {
        populate: populate as never[],
        withTrashed,
      })
      if (found) return found
    }
    throw new ModelNotFoundError(model.name, by === undefined ? text : { [by]: text })
  }
}
