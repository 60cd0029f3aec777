/** @module Which properties `create` and `update` take: what a request sends must not reach the others. */
import type { EntityMetadata } from '@mikro-orm/core'
import { FillableError } from '../errors.ts'
import { DELETED_AT } from '../soft-delete/deleted-at.ts'
import { STAMPS } from './timestamps.ts'

/** What a model says about its properties, with statics of its class. */
export interface FillableModel {
  readonly name: string
  readonly fillable?: readonly string[] | undefined
  readonly timestamps?: boolean
}

/** Whether the row exists already: then nobody chooses its key any more. */
type Step = 'create' | 'update'

/**
 * With a list, what is not in it is refused. Without one every mapped property is taken, apart from those that the
 * framework sets: `deletedAt`, the timestamps, and a key that the database gives.
 *
 * @throws {FillableError} which lists every property that is refused
 */
export function refuseUnlisted(
  model: FillableModel,
  meta: EntityMetadata,
  attributes: object,
  step: Step,
): void {
  const isTaken = model.fillable
    ? (name: string) => model.fillable?.includes(name)
    : (name: string) => Object.hasOwn(meta.properties, name) && !isOurs(model, meta, name, step)
  const refused = Object.keys(attributes).filter((name) => !isTaken(name))
  if (refused.length > 0) throw new FillableError(model.name, refused, model.fillable)
}

function isOurs(model: FillableModel, meta: EntityMetadata, name: string, step: Step): boolean {
  if (name === DELETED_AT) return true
  if (model.timestamps && STAMPS.includes(name)) return true
  const isKey = meta.properties[name as never] !== undefined && meta.primaryKeys.includes(name as never)
  return isKey && (step === 'update' || meta.getPrimaryProp().autoincrement === true)
}
