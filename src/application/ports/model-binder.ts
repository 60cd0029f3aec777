/** @module Port: finds the row that a part of a path names. Bind it and tag it `model binder`. */
import type { AbstractConstructor } from '../../support/class-of.ts'

/** How a parameter of a path leads to a row. */
export interface ModelBinding<T extends object = object> {
  readonly model: AbstractConstructor<T>
  /** The property that the parameter gives; default: the primary key. */
  readonly by?: string
  /** Another parameter whose row has to be the one that this property of the model refers to: `author`. */
  readonly of?: string
  /** Relations that are read along. */
  readonly populate?: readonly string[]
  /** Whether rows of the trash are found as well; default false. */
  readonly withTrashed?: boolean
}

export interface ModelBinder {
  /** Why a binding could never work, or undefined when it can: said before the first request. */
  objection(binding: ModelBinding): string | undefined
  /**
   * Finds the row in the open scope. Rejects with an error of the kind `not-found` when there is none.
   *
   * @param text what stands in the path
   * @param owner the row that `of` names
   */
  find(binding: ModelBinding, text: string, owner: object | undefined): Promise<object>
}

declare module '../../container/services.ts' {
  interface Tags {
    'model binder': ModelBinder
  }
}
