/** @module What a diagram shows: the tables that the models ask for, their columns and how they refer to each other. */
import { type EntityMetadata, type EntityProperty, ReferenceKind } from '@mikro-orm/core'
import type { Connection } from '../../connections/connection.ts'
import { isSoftModel } from '../../soft-delete/soft-models.ts'

type Table = ReturnType<ReturnType<Connection['schema']['getTargetSchema']>['getTables']>[number]

export type ColumnKey = 'PK' | 'FK' | 'UK'

export interface DiagramColumn {
  readonly name: string
  readonly type: string
  readonly keys: readonly ColumnKey[]
  readonly isNullable: boolean
  /** Whether a time in it means that the row is in the trash. */
  readonly isTrashMark: boolean
}

export interface DiagramTable {
  readonly name: string
  readonly isSoftDeleted: boolean
  readonly columns: readonly DiagramColumn[]
}

/** A row of `from` refers to one of `to`; with `isUnique` no two rows refer to the same. */
export interface DiagramRelation {
  readonly name: string
  readonly from: string
  readonly to: string
  readonly isOptional: boolean
  readonly isUnique: boolean
}

export interface DiagramContent {
  readonly tables: readonly DiagramTable[]
  readonly relations: readonly DiagramRelation[]
}

/** Gives the same for the same models, in whatever order they are listed. No query is made. */
export function describeTables(connection: Connection): DiagramContent {
  const tables = connection.schema.getTargetSchema().getTables()
  const nameOf = (table: Table) => shortName(table.getShortestName(), connection.schemaName)
  const owners = new Map<Table, EntityMetadata[]>(tables.map((table) => [table, []]))
  for (const meta of connection.orm.getMetadata()) {
    const table = tableOf(meta, tables)
    if (table) owners.get(table)?.push(meta)
  }
  const relations = [...owners].flatMap(([table, metas]) =>
    metas.flatMap((meta) => relationsOf(meta, nameOf(table), (target) => nameIn(target, tables, nameOf))),
  )
  return {
    tables: [...owners]
      .map(([table, metas]) => describe(table, nameOf(table), metas))
      .sort(byKey(({ name }) => name)),
    relations: unique(relations, keyOf).sort(byKey(keyOf)),
  }
}

function describe(table: Table, name: string, metas: readonly EntityMetadata[]): DiagramTable {
  const soft = metas.filter(isSoftModel)
  const marks = new Set(soft.flatMap((meta) => meta.properties.deletedAt?.fieldNames ?? []))
  const owned = metas.flatMap(ownedRelations).flatMap(({ fieldNames }) => fieldNames)
  const constrained = Object.values(table.getForeignKeys()).flatMap(({ columnNames }) => columnNames)
  const indexes = table.getIndexes()
  const keyed: Readonly<Record<ColumnKey, ReadonlySet<string>>> = {
    PK: new Set(indexes.filter(({ primary }) => primary).flatMap(({ columnNames }) => columnNames)),
    FK: new Set([...owned, ...constrained]),
    UK: new Set(
      indexes
        .filter(({ primary, unique, columnNames }) => unique && !primary && columnNames.length === 1)
        .flatMap(({ columnNames }) => columnNames),
    ),
  }
  const columns = table.getColumns().map((column) => ({
    name: column.name,
    type: column.type,
    keys: (['PK', 'FK', 'UK'] as const).filter((key) => keyed[key].has(column.name)),
    isNullable: column.nullable === true,
    isTrashMark: marks.has(column.name),
  }))
  return { name, isSoftDeleted: soft.length > 0, columns }
}

function relationsOf(
  meta: EntityMetadata,
  from: string,
  nameOf: (target: EntityMetadata) => string | undefined,
): DiagramRelation[] {
  return ownedRelations(meta).flatMap((property) => {
    const targets = property.polymorphTargets ?? (property.targetMeta ? [property.targetMeta] : [])
    return targets.flatMap((target) => {
      const to = nameOf(target)
      const isUnique = property.kind === ReferenceKind.ONE_TO_ONE
      // Those of a pivot table are named by the ORM.
      const name = meta.pivotTable ? property.fieldNames.join(', ') : property.name
      return to === undefined ? [] : [{ name, from, to, isOptional: property.nullable === true, isUnique }]
    })
  })
}

/** Those with a column in the table; many to many is the two of its pivot table. */
function ownedRelations({ relations }: EntityMetadata): EntityProperty[] {
  return relations.filter(
    ({ kind, owner }) =>
      kind === ReferenceKind.MANY_TO_ONE || (kind === ReferenceKind.ONE_TO_ONE && owner === true),
  )
}

function tableOf(meta: EntityMetadata, tables: readonly Table[]): Table | undefined {
  if (meta.abstract && !meta.tableName) return undefined
  const named = tables.filter(({ name }) => name === meta.tableName)
  return named.find(({ schema }) => schema === meta.schema) ?? named[0]
}

function nameIn(target: EntityMetadata, tables: readonly Table[], nameOf: (table: Table) => string) {
  const table = tableOf(target, tables)
  return table && nameOf(table)
}

/** Without the schema of the connection, which is another one elsewhere. */
function shortName(name: string, schema: string | undefined): string {
  return schema !== undefined && name.startsWith(`${schema}.`) ? name.slice(schema.length + 1) : name
}

function keyOf({ from, to, name }: DiagramRelation): string {
  return JSON.stringify([from, name, to])
}

/** Subclasses that share a table share its relations. */
function unique<T>(items: readonly T[], key: (item: T) => string): T[] {
  return [...new Map(items.map((item) => [key(item), item])).values()]
}

function byKey<T>(key: (item: T) => string): (a: T, b: T) => number {
  return (a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0)
}
