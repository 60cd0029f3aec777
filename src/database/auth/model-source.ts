/** @module The model that a value of the configuration names, by its class or by the file that exports it. */
import type { EntityMetadata, EntityProperty } from '@mikro-orm/core'
import { type AbstractConstructor, isClass } from '../../support/class-of.ts'
import { suggest } from '../../support/suggest.ts'
import { loadModels } from '../models/load-models.ts'
import { metadataOf } from '../models/model-query.ts'
import { currentSession } from '../sessions/current-session.ts'
import type { Session } from '../sessions/session.ts'
import { AuthModelError } from './errors.ts'

/** A class, or a function that imports the file which exports it and no other model. */
export type ModelSource = AbstractConstructor<object> | (() => Promise<object>)

/** What rows of it are. */
export type RowOf<Source> =
  Source extends AbstractConstructor<infer Row>
    ? Row
    : Source extends () => Promise<infer File>
      ? ClassIn<File[keyof File]>
      : never

type ClassIn<Value> = Value extends AbstractConstructor<infer Row> ? Row : never

export interface OpenModel {
  readonly model: AbstractConstructor<object>
  readonly meta: EntityMetadata<object>
  readonly session: Session
}

export class SourcedModel {
  readonly #call: string
  readonly #source: ModelSource
  readonly #properties: readonly string[]
  #model: Promise<AbstractConstructor<object>> | undefined

  /** @param properties what the model has to have */
  constructor(call: string, source: ModelSource, properties: readonly string[]) {
    this.#call = call
    this.#source = source
    this.#properties = properties
  }

  /**
   * Gives the model with the session of the open scope.
   *
   * @throws {AuthModelError} when it is not what the configuration says
   * @throws {ModelNotRegisteredError} @throws {ModelFileError} @throws {OutsideScopeError}
   */
  async open(): Promise<OpenModel> {
    this.#model ??= this.#load()
    const model = await this.#model.catch((error: unknown) => {
      // The file may be corrected while the process watches it.
      this.#model = undefined
      throw error
    })
    const session = currentSession(model, this.#call)
    const meta = metadataOf(session, model)
    for (const name of this.#properties) this.property(meta, name)
    return { model, meta, session }
  }

  /** @throws {AuthModelError} when the model has no such property */
  property(meta: EntityMetadata<object>, name: string): EntityProperty {
    const properties: Readonly<Record<string, EntityProperty>> = meta.properties
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined
    if (property) return property
    const near = suggest(name, Object.keys(properties))
    const hint = near === undefined ? `Add it to the model.` : `Did you mean "${near}"?`
    throw new AuthModelError(this.#call, `${meta.className} has no property "${name}".`, hint)
  }

  async #load(): Promise<AbstractConstructor<object>> {
    const models = (await loadModels([this.#source])).filter(isClass)
    const [model, ...others] = models
    // A model is a class of rows.
    if (model && others.length === 0) return model as AbstractConstructor<object>
    const names = models.map(({ name }) => name).join(', ')
    const reason = model ? `its file exports several: ${names}.` : 'its file exports a schema, and no class.'
    throw new AuthModelError(this.#call, reason, 'Give the class itself, or one file for each model.')
  }
}
