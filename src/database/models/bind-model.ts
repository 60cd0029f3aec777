/** @module How a route says more of a row than its model. */
import type { Loaded } from '@mikro-orm/core'
import type { ModelBinding } from '../../application/ports/model-binder.ts'
import type { AbstractConstructor } from '../../support/class-of.ts'

/** What a route says of a row besides its model. */
export interface ModelBindingOptions<P extends string = never> {
  /** The property that the parameter gives; default: the primary key. */
  readonly by?: string
  /** Another parameter whose row has to be the one that this property refers to: `author`. */
  readonly of?: string
  /** Relations that are read along. */
  readonly populate?: readonly P[]
  /** Whether rows of the trash are found as well; default false. */
  readonly withTrashed?: boolean
}

/**
 * Says how a parameter of a path leads to a row of a model: by which property, of which other row, with which relations.
 *
 * @example
 * ```ts
 * import { bindModel, Model } from 'limber/database'
 * import { Entity, Property } from 'limber/database/mapping'
 * import type { HttpContext, Router } from 'limber/http'
 *
 * @Entity()
 * class Page extends Model {
 *   @Property()
 *   slug!: string
 * }
 *
 * const showPage = { bind: { page: bindModel(Page, { by: 'slug' }) } }
 *
 * export default (router: Router) => {
 *   router.get('/pages/:page', ({ params }: HttpContext<typeof showPage>) => params.page.slug, showPage)
 * }
 * ```
 */
export function bindModel<T extends object, const P extends string = never>(
  model: AbstractConstructor<T>,
  options: ModelBindingOptions<P>,
): ModelBinding<Loaded<T, P>> {
  // With its relations loaded a row is still one of this class.
  return { ...options, model: model as AbstractConstructor<Loaded<T, P>> }
}
