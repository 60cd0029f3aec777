/** @module Conditions on relations, of which nothing in the trash fulfils one. */
import type { EntityMetadata, EntityProperty } from '@mikro-orm/core'
import { QueryHelper, ReferenceKind, Utils } from '@mikro-orm/core'
import { DELETED_AT } from '../deleted-at.ts'
import { SoftDeleteSizeError } from '../errors.ts'
import { isSoftModel } from '../soft-models.ts'
import { modeOf } from '../trash-options.ts'

export type Condition = Readonly<Record<string | symbol, unknown>>
type Filters = Parameters<typeof QueryHelper.mergePropertyFilters>[1]

const GROUPS: ReadonlySet<unknown> = new Set(['$and', '$or', '$not'])
const OF_COLLECTIONS: ReadonlySet<unknown> = new Set(['$some', '$none', '$every', '$all', '$size'])

/**
 * Says in every condition on a relation that its row is live, as the query would without its joins: statements that
 * update, and the subqueries of `$some`, `$none` and `$every`, have no other place for it.
 *
 * @throws {SoftDeleteSizeError} for `$size`, which counts rows that cannot be told apart
 */
export function relationConditions(meta: EntityMetadata, where: unknown, filters: Filters): unknown {
  if (Array.isArray(where)) return where.map((each) => relationConditions(meta, each, filters))
  if (!isCondition(where)) return where
  const result: Record<string | symbol, unknown> = {}
  const added: unknown[] = []
  for (const key of Reflect.ownKeys(where)) {
    const value = where[key]
    if (GROUPS.has(key)) result[key] = relationConditions(meta, value, filters)
    else {
      const [first, ...others] = onProperty(meta, key, value, filters)
      result[key] = first
      added.push(...others.map((other) => ({ [key]: other })))
    }
  }
  return added.length > 0 ? { $and: [result, ...added] } : result
}

/** @returns the conditions on one property, of which one key takes only the first */
function onProperty(
  meta: EntityMetadata,
  name: string | symbol,
  value: unknown,
  filters: Filters,
): [unknown, ...unknown[]] {
  const prop = typeof name === 'string' ? meta.properties[name] : undefined
  const target = prop?.targetMeta
  if (!prop || !target) return [value]
  const own = QueryHelper.mergePropertyFilters(prop.filters, filters)
  const isHidden = isSoftModel(target) && modeOf(own) === 'without'
  const isElsewhere = isHidden && keyIsElsewhere(prop)
  if (value === null && isElsewhere && prop.kind !== ReferenceKind.ONE_TO_ONE)
    return [{ $none: live({}, true) }]
  if (!isCondition(value))
    return [isElsewhere && isKeys(value) ? onlyLive(prop, target, keyed(target, value)) : value]
  if (Reflect.ownKeys(value).some((key) => OF_COLLECTIONS.has(key)))
    return onCollection(prop, target, value, own, isHidden)
  const inner = relationConditions(target, value, own)
  if (isElsewhere) return [onlyLive(prop, target, keyed(target, inner))]
  return [isHidden && looksAtRow(target, value) ? onlyLive(prop, target, inner) : inner]
}

/** Its key is in the row of the target, or in that of a link to it, and not in the row that the condition is about. */
function keyIsElsewhere({ kind, mappedBy }: EntityProperty): boolean {
  return (
    kind === ReferenceKind.MANY_TO_MANY ||
    kind === ReferenceKind.ONE_TO_MANY ||
    (kind === ReferenceKind.ONE_TO_ONE && Boolean(mappedBy))
  )
}

/** `every` is said as `none … not`: what is in the trash does not count. */
function onCollection(
  prop: EntityProperty,
  target: EntityMetadata,
  value: Condition,
  filters: Filters,
  isHidden: boolean,
): [unknown, ...unknown[]] {
  const conditions = Reflect.ownKeys(value).flatMap((operator): unknown[] => {
    const given = value[operator]
    if (operator === '$size' && isHidden) throw new SoftDeleteSizeError(prop.name, target.className)
    if (operator === '$size') return [{ $size: given }]
    if (operator === '$all' && isHidden && Array.isArray(given) && given.length > 0) {
      return given.map((each) => ({ $some: live(keyed(target, each), isHidden) }))
    }
    const inner = keyed(target, relationConditions(target, given, filters))
    if (operator === '$every' && isHidden) return [{ $none: live({ $not: inner }, true) }]
    return [{ [operator]: OF_COLLECTIONS.has(operator) ? live(inner, isHidden) : inner }]
  })
  const [first = {}, ...others] = conditions
  return [first, ...others]
}

function live(condition: unknown, isHidden: boolean): unknown {
  if (!isHidden) return condition
  const isAny = isCondition(condition) && Reflect.ownKeys(condition).length === 0
  return isAny ? { [DELETED_AT]: null } : { $and: [condition, { [DELETED_AT]: null }] }
}

/** The ORM says a condition on the key alone as its value or its operators, to which nothing can be added. */
function keyed(target: EntityMetadata, item: unknown): unknown {
  const key = Utils.getPrimaryKeyHash(target.primaryKeys)
  if (Array.isArray(item)) {
    const isOne = target.compositePK && !item.some((each) => Array.isArray(each))
    return isKeys(item) ? { [key]: isOne ? item : { $in: item } } : item
  }
  if (isKeys(item)) return { [key]: item }
  if (!isCondition(item)) return item
  const names = Reflect.ownKeys(item)
  if (names.length > 0 && names.every(isOperatorOfKeys)) return { [key]: item }
  const inGroup = (value: unknown) =>
    Array.isArray(value) ? value.map((each) => keyed(target, each)) : keyed(target, value)
  return Object.fromEntries(names.map((name) => [name, GROUPS.has(name) ? inGroup(item[name]) : item[name]]))
}

function isKeys(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 && value.every(isKeys) : Utils.isPrimaryKey(value)
}

function isOperatorOfKeys(name: string | symbol): boolean {
  return typeof name === 'string' && name.startsWith('$') && !GROUPS.has(name) && !OF_COLLECTIONS.has(name)
}

/** A relation that cannot be missing is joined like one that can; that it is there is part of the condition then. */
function onlyLive(prop: EntityProperty, target: EntityMetadata, inner: unknown): unknown {
  const isOne = prop.kind === ReferenceKind.MANY_TO_ONE || prop.kind === ReferenceKind.ONE_TO_ONE
  const [key] = target.primaryKeys
  const isThere = isOne && !prop.nullable && key !== undefined ? { [key]: { $ne: null } } : {}
  const added = { [DELETED_AT]: null, ...isThere }
  const isFree = isCondition(inner) && Object.keys(added).every((name) => !(name in inner))
  return isFree ? { ...inner, ...added } : { $and: [inner, added] }
}

/** Conditions on the key alone are about the foreign key of the row itself, which is kept. */
export function looksAtRow(target: EntityMetadata, value: unknown): boolean {
  if (Array.isArray(value)) return value.some((each) => looksAtRow(target, each))
  if (!isCondition(value)) return false
  return Reflect.ownKeys(value).some((key) => {
    if (GROUPS.has(key)) return looksAtRow(target, value[key])
    if (typeof key === 'string' && key.startsWith('$')) return false
    return !target.primaryKeys.some((name) => name === key)
  })
}

export function isCondition(value: unknown): value is Condition {
  return Utils.isPlainObject(value)
}
