/** @module A partial read of what may be in the trash reads its stamp as well: without it, a row in the trash would look alive. */
import type { EntityMetadata } from '@mikro-orm/core'
import { helper, QueryHelper, Utils } from '@mikro-orm/core'
import { DELETED_AT } from '../deleted-at.ts'
import { isSoftModel } from '../soft-models.ts'
import { modeOf, trashMode } from '../trash-options.ts'
import { relationOf } from './soft-relations.ts'

interface Options {
  fields?: readonly unknown[]
  filters?: unknown
}

const EVERYTHING = '*'
const addedTo = new WeakMap<readonly unknown[], readonly string[]>()

/** Adds the stamps of all soft-deleted models among the fields that may be read from the trash. */
export function addStamps(meta: EntityMetadata, options: Options): void {
  const { fields } = options
  if (!fields || fields.length === 0 || addedTo.has(fields)) return
  const paths = flat(fields)
  const stamps = new Set<string>()
  for (const path of paths) {
    for (const stamp of stampsAlong(meta, path, options)) stamps.add(stamp)
  }
  const added = [...stamps].filter((stamp) => {
    const all = [...stamp.split('.').slice(0, -1), EVERYTHING].join('.')
    return !paths.includes(stamp) && !paths.includes(all)
  })
  if (added.length === 0) return
  options.fields = [...fields, ...added]
  addedTo.set(options.fields, added)
}

/** What nobody has asked for is not among what is serialised. */
export function leaveOutStamps(entities: readonly object[], fields: unknown): void {
  const added = Array.isArray(fields) ? addedTo.get(fields) : undefined
  for (const stamp of added ?? []) {
    for (const entity of entities) helper(entity).__serializationContext.fields?.delete(stamp)
  }
}

function stampsAlong(root: EntityMetadata, path: string, options: Options): string[] {
  const stamps = isSoftModel(root) && trashMode(options) !== 'without' ? [DELETED_AT] : []
  const names = path.split('.')
  let meta = root
  for (const [index, name] of names.slice(0, -1).entries()) {
    const prop = relationOf(meta, { field: name })
    if (!prop?.targetMeta) break
    meta = prop.targetMeta
    const filters = QueryHelper.mergePropertyFilters(
      prop.filters,
      options.filters as Parameters<typeof QueryHelper.mergePropertyFilters>[1],
    )
    if (isSoftModel(meta) && modeOf(filters) !== 'without')
      stamps.push([...names.slice(0, index + 1), DELETED_AT].join('.'))
  }
  return stamps
}

/** The ORM takes paths as well as objects of them. */
function flat(fields: readonly unknown[]): string[] {
  return fields.flatMap((field) => {
    if (!Utils.isPlainObject(field)) return [String(field)]
    return Object.entries(field).flatMap(([name, below]) =>
      flat(Array.isArray(below) ? below : [below]).map((path) => `${name}.${path}`),
    )
  })
}
