/** @module Joins see live rows only: the condition goes to the ON clause, so that an outer join keeps its rows. */
import type { Dictionary, EntityMetadata, Platform } from '@mikro-orm/core'
import { raw } from '@mikro-orm/core'
import { type AnyQueryBuilder, JoinType } from '@mikro-orm/sql'
import { DELETED_AT, stampColumn } from '../deleted-at.ts'
import { showsTrash } from '../reads/soft-relations.ts'
import { isSoftModel } from '../soft-models.ts'

/** A join of a query builder; the ORM does not export its type. */
type Join = AnyQueryBuilder['state']['joins'][string]

export function withLiveTarget(join: Join, platform: Platform): Join {
  const live = liveConditions(join, platform)
  return live.length > 0 ? { ...join, cond: { $and: [join.cond, ...live] } } : join
}

function liveConditions(join: Join, platform: Platform): Dictionary[] {
  const { targetMeta } = join.prop
  // A subquery has conditions of its own, and need not have the column.
  if (join.prop.name === '__subquery__' || join.subquery || showsTrash(join.prop)) return []
  if (!isPivot(join)) return owns(targetMeta, DELETED_AT) ? [isLive(join.alias)] : []
  // A condition on keys stops at the table between, and does not look whether they are those of live rows.
  const isByKeys = join.type === JoinType.pivotJoin && isSoftModel(targetMeta)
  return isByKeys ? [hasLiveTarget(join, platform)] : []
}

/**
 * Prepares outer joins over a table between: without it, rows of that table which lead into the trash would give
 * rows of nothing.
 */
export function nestTargets(joins: Readonly<Record<string, Join>>): void {
  for (const pivot of Object.values(joins)) {
    if (!isPivot(pivot) || !LEFT.has(pivot.type)) continue
    const target = Object.values(joins).find(
      ({ alias, ownerAlias }) => alias === pivot.inverseAlias && ownerAlias === pivot.alias,
    )
    if (!target || !isSoftModel(target.prop.targetMeta)) continue
    pivot.nested = new Set([...(pivot.nested ?? []), target])
    target.type = JoinType.nestedInnerJoin
  }
}

const LEFT: ReadonlySet<JoinType> = new Set([JoinType.leftJoin, JoinType.nestedLeftJoin])

/**
 * The kind of join that a condition or an order needs. The ORM takes an inner join where the foreign key is required, and
 * rows would vanish that refer to the trash.
 */
export function neededJoin(
  builder: AnyQueryBuilder,
  field: unknown,
  type: JoinType | undefined,
): JoinType | undefined {
  if (type !== JoinType.innerJoin || typeof field !== 'string') return type
  const [alias = '', name = ''] = field.split('.')
  const prop = builder.state.aliases[alias]?.meta.properties[name]
  return isSoftModel(prop?.targetMeta) ? JoinType.leftJoin : type
}

function isLive(alias: string): Dictionary {
  return { [`${alias}.${DELETED_AT}`]: null }
}

function isPivot({ path }: Join): boolean {
  return path?.endsWith('[pivot]') ?? false
}

/** With a table for each type, the stamp is in that of the root, which is joined by itself. */
function owns(meta: EntityMetadata | undefined, name: string): boolean {
  if (!isSoftModel(meta)) return false
  return meta?.inheritanceType !== 'tpt' || (meta.ownProps ?? meta.props).some((prop) => prop.name === name)
}

function hasLiveTarget({ alias, inverseJoinColumns = [], prop }: Join, platform: Platform): Dictionary {
  const quote = (name: string) => platform.quoteIdentifier(name)
  const { tableName, schema } = prop.targetMeta ?? {}
  const keys = prop.targetMeta?.getPrimaryProps().flatMap(({ fieldNames }) => fieldNames) ?? []
  const stamp = prop.targetMeta ? stampColumn(prop.targetMeta) : ''
  const target = `${alias}_target`
  const conditions = keys.map(
    (key, i) => `${quote(`${target}.${key}`)} = ${quote(`${alias}.${inverseJoinColumns[i]}`)}`,
  )
  const table = quote(schema && schema !== '*' ? `${schema}.${tableName}` : `${tableName}`)
  const isThere = [...conditions, `${quote(`${target}.${stamp}`)} is null`].join(' and ')
  return { [raw(`exists (select 1 from ${table} as ${quote(target)} where ${isThere})`)]: [] }
}
