/** @module Finds out what the models call by another name: asked for, never guessed. */
import type { Column, DatabaseSchema, DatabaseTable } from '@mikro-orm/sql'
import { RenameUndecidedError } from '../errors.ts'
import type { RenameChoices } from './rename-choices.ts'

export interface Rename {
  /** As it is called before its columns are renamed, and after itself was. */
  readonly table: string
  /** Without one, the table is renamed. */
  readonly column?: string
  readonly to: string
}

/**
 * @param schema the schema of the connection: its tables are called without it
 * @throws {RenameUndecidedError} when nobody can be asked
 * @throws {RenameChoiceError}
 */
export async function findRenames(
  from: DatabaseSchema,
  to: DatabaseSchema,
  choices: RenameChoices,
  schema?: string,
): Promise<Rename[]> {
  const nameOf = (table: DatabaseTable) => {
    const name = table.getShortestName()
    return schema && name.startsWith(`${schema}.`) ? name.slice(schema.length + 1) : name
  }
  const [old, now] = [from, to].map(
    (tables) => new Map(tables.getTables().map((table) => [nameOf(table), table])),
  )
  if (!old || !now) return []
  const tables = await renamedTables(old, now, choices)
  const renames: Rename[] = []
  for (const [name, table] of old) {
    const newName = tables.get(name) ?? name
    const target = now.get(newName)
    if (!target) continue
    const full = table.getShortestName()
    if (newName !== name) renames.push({ table: full, to: target.name })
    const owner = newName === name ? full : target.getShortestName()
    for (const [column, to] of await renamedColumns([name, newName], table, target, choices))
      renames.push({ table: owner, column, to })
  }
  if (choices.open.length > 0) throw new RenameUndecidedError(choices.open)
  choices.refuseUnused()
  // A table is renamed before its columns are, and each is called by its new name then.
  return [...renames.filter(({ column }) => !column), ...renames.filter(({ column }) => column)]
}

async function renamedTables(
  old: ReadonlyMap<string, DatabaseTable>,
  now: ReadonlyMap<string, DatabaseTable>,
  choices: RenameChoices,
): Promise<Map<string, string>> {
  const renamed = new Map<string, string>()
  for (const name of old.keys()) {
    if (now.has(name)) continue
    const taken = [...renamed.values()]
    const candidates = [...now.keys()].filter((other) => !old.has(other) && !taken.includes(other))
    const to = await choices.decide({ name, candidates })
    if (to !== undefined) renamed.set(name, to)
  }
  return renamed
}

async function renamedColumns(
  [name, newName]: readonly [string, string],
  old: DatabaseTable,
  now: DatabaseTable,
  choices: RenameChoices,
): Promise<Map<string, string>> {
  const renamed = new Map<string, string>()
  const isWritten = ({ generated }: Column) => !generated
  const gained = now.getColumns().filter((column) => isWritten(column) && !old.getColumn(column.name))
  for (const column of old.getColumns().filter(isWritten)) {
    if (now.getColumn(column.name)) continue
    const taken = [...renamed.values()]
    const candidates = gained
      .filter((other) => familyOf(other) === familyOf(column) && !taken.includes(other.name))
      .map((other) => other.name)
    const alias = newName === name ? [] : [`${newName}.${column.name}`]
    const to = await choices.decide({ name: `${name}.${column.name}`, candidates }, alias)
    if (to !== undefined) renamed.set(column.name, to)
  }
  return renamed
}

const FAMILIES: readonly (readonly [string, RegExp])[] = [
  ['text', /char|text|enum|string|^set$/],
  ['number', /int|serial|numeric|decimal|real|double|float|bool|^bit$|^year$/],
  ['time', /date|time/],
  ['json', /^json/],
  ['bytes', /blob|bytea|binary/],
]

/** Types whose values can be converted into each other: a column of another family cannot be meant. */
function familyOf({ type }: Column): string {
  const base = type.toLowerCase().replace(/\(.*\)/, '')
  return FAMILIES.find(([, form]) => form.test(base))?.[0] ?? base
}
