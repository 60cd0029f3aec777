/** @module A reference to a row that this session knows to be in the trash does not give it. */
import { helper, QueryHelper, Reference } from '@mikro-orm/core'
import { isTrashed } from '../deleted-at.ts'
import { isSoftModel } from '../soft-models.ts'
import { trashMode } from '../trash-options.ts'

/**
 * Seam: `Reference.prototype.load`, which gives what is initialised without a query. References of other applications of
 * the ORM are left alone: their models are not soft-deleted.
 */
const load = Reference.prototype.load
Reference.prototype.load = async function (this: Reference<object>, options = {}) {
  const entity: object = this.unwrap()
  const isKnown = isSoftModel(helper(entity).__meta) && helper(entity).__em && this.isInitialized()
  if (isKnown && isTrashed(entity) && !options.refresh) {
    const relation: unknown = Reflect.get(this, 'property')
    const own =
      typeof relation === 'object' && relation !== null ? Reflect.get(relation, 'filters') : undefined
    const filters = QueryHelper.mergePropertyFilters(own, options.filters)
    if (trashMode({ ...options, filters }) === 'without') return null
  }
  return load.call(this, options)
} as typeof load
