/** @module Which parameters of a path are rows: `/books/:book` gives the book, or a 404. */
import type { ModelBinding } from '../../application/ports/model-binder.ts'
import type { AbstractConstructor } from '../../support/class-of.ts'

/** By the names of the parameters: a model, or a binding that says more. */
export type ModelBindings = Readonly<Record<string, AbstractConstructor<object> | ModelBinding>>

/** The rows, by the names of the parameters. */
export type BoundModels<B> = {
  readonly [Name in keyof B]: B[Name] extends ModelBinding<infer T>
    ? T
    : B[Name] extends AbstractConstructor<infer T>
      ? T
      : never
}

export function bindingOf(binding: AbstractConstructor<object> | ModelBinding): ModelBinding {
  return typeof binding === 'function' ? { model: binding } : binding
}
