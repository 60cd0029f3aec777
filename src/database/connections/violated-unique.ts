/** @module Which unique key a database has refused to see twice: each driver tells it in another way. */
import type { EntityMetadata, MikroORM } from '@mikro-orm/core'
import { Utils } from '@mikro-orm/core'

export interface ViolatedKey {
  readonly model: string
  readonly properties: readonly string[]
}

/** A unique index, by its name, and by the columns that are unique together. */
interface Index extends ViolatedKey {
  readonly name: string
  readonly table: string
  readonly columns: readonly string[]
}

/** What is looked for: SQLite tells the columns, the others the name of the index. */
interface Sought {
  readonly name?: string | undefined
  readonly table?: string | undefined
  readonly columns?: readonly string[]
}

const indexes = new WeakMap<MikroORM, readonly Index[]>()

/** Gives the unique key that an error of a driver speaks of, when it belongs to one model. */
export function violatedUnique(orm: MikroORM, error: Error): ViolatedKey | undefined {
  const sought = soughtBy(error)
  if (!sought) return undefined
  const known = indexes.get(orm) ?? [...orm.getMetadata()].flatMap((meta) => indexesOf(orm, meta))
  indexes.set(orm, known)
  const [found, ...others] = known.filter((index) => fits(index, sought))
  return others.length === 0 ? found : undefined
}

function fits({ name, table, columns }: Index, sought: Sought): boolean {
  if (sought.table !== undefined && sought.table !== table) return false
  return sought.columns ? columns.join() === sought.columns.join() : name === sought.name
}

function soughtBy(error: Error): Sought | undefined {
  const { constraint, table } = error as { constraint?: unknown; table?: unknown }
  if (typeof constraint === 'string') {
    return { name: constraint, table: typeof table === 'string' ? table : undefined }
  }
  const columns = /UNIQUE constraint failed: (\S+\.\S.*)$/.exec(error.message)?.[1]?.split(', ')
  if (columns) return { table: beforeDot(columns[0] ?? ''), columns: columns.map(afterDot) }
  const [, place, name] = /for key '(?:([^'.]+)\.)?([^'.]+)'$/.exec(error.message) ?? []
  return name === undefined ? undefined : { name, table: place ?? tableOf(error) }
}

/** The table that is written, of which MariaDB tells only in the statement. */
function tableOf(error: Error): string | undefined {
  const sql: unknown = Reflect.get(error, 'sql')
  return /^\s*(?:insert(?: ignore)? into|update)\s+`?(\w+)`?/i.exec(String(sql))?.[1]
}

function indexesOf(orm: MikroORM, meta: EntityMetadata): Index[] {
  if (meta.root !== meta || meta.abstract || meta.embeddable || meta.virtual) return []
  const table = meta.tableName
  const platform = orm.config.getPlatform()
  const columnsOf = (properties: readonly string[]) =>
    properties.flatMap((property) => meta.properties[property]?.fieldNames ?? [])
  const make = (properties: readonly string[], given: unknown): Index => {
    const columns = columnsOf(properties)
    const name = typeof given === 'string' ? given : platform.getIndexName(table, columns, 'unique')
    return { model: meta.className, properties, table, columns, name }
  }
  return [
    make(meta.primaryKeys, platform.getDefaultPrimaryName(table, columnsOf(meta.primaryKeys))),
    ...meta.uniqueProps.map(({ name, unique }) => make([name], unique)),
    ...meta.uniques.map(({ properties, name }) => make(Utils.asArray<string>(properties), name)),
  ]
}

function beforeDot(name: string): string {
  return name.slice(0, name.lastIndexOf('.'))
}

function afterDot(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1)
}
