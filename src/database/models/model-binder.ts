/** @module Finds the rows that paths of routes name. */
import type { EntityProperty, FilterQuery } from '@mikro-orm/core'
import type { Application } from '../../application/application.ts'
import type { ModelBinder, ModelBinding } from '../../application/ports/model-binder.ts'
import { ModelNotFoundError } from '../errors.ts'
import { connectionOf, currentSession } from '../sessions/current-session.ts'
import { metadataOf } from './model-query.ts'

/** What a text of a path has to look like, so that no database is asked for what it cannot hold. */
const TEXTS: Readonly<Record<string, RegExp>> = {
  number: /^-?\d{1,15}$/,
  bigint: /^-?\d{1,19}$/,
  // The same, where the type of the property is read from its class.
  BigInt: /^-?\d{1,19}$/,
  // PostgreSQL takes no text with a zero in it.
  string: /^[^\0]+$/,
}
const UUID = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i

export class PathModelBinder implements ModelBinder {
  readonly #app: Application

  constructor(app: Application) {
    this.#app = app
  }

  objection({ model, by, of }: ModelBinding): string | undefined {
    const { orm } = this.#app.make('db').connection(connectionOf(model))
    const meta = orm.getMetadata().find(model)
    if (!meta) return `${model.name} is no model of its connection.`
    const key = by ?? (meta.primaryKeys.length === 1 ? meta.primaryKeys[0] : undefined)
    if (key === undefined) return `the key of ${model.name} has several columns; name one property with "by".`
    const property = meta.properties[key]
    if (!property) return `${model.name} has no property "${key}".`
    if (!shapeOf(property)) return `"${key}" of ${model.name} is neither a text nor a whole number.`
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
    const shape = shapeOf(property)
    if (shape?.test(text) && !isTooLarge(shape, text)) {
      const value = keyOf(property, shape, text)
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

function shapeOf({ type, columnTypes, runtimeType }: EntityProperty): RegExp | undefined {
  if (type === 'uuid' || columnTypes?.[0] === 'uuid') return UUID
  return TEXTS[runtimeType]
}

/** Of 64 bits, which is what every database has. */
function isTooLarge(shape: RegExp, text: string): boolean {
  const isLarge = shape === TEXTS.bigint || shape === TEXTS.BigInt
  return isLarge && BigInt.asIntN(64, BigInt(text)) !== BigInt(text)
}

function keyOf({ runtimeType }: EntityProperty, shape: RegExp, text: string): string | number {
  // A UUID means the same in capitals, which not every database knows.
  if (shape === UUID) return text.toLowerCase()
  return runtimeType === 'number' ? Number(text) : text
}
