/** @module Knows the forms of the statements that the ORM generates. */
import { unquoted } from '../sql/tokens.ts'

/** The ORM reads tables and indexes by their names without escaping these. */
const UNREADABLE = /[`'"\s.[\];]/

export function isReadable(name: string): boolean {
  return !UNREADABLE.test(name)
}

/** Between the quotes of any dialect, and after a schema where there are some. */
const PART = '(?:`(?:[^`]|``)+`|"(?:[^"]|"")+")'
const NAME = `(${PART}(?:\\.${PART})?)`
const SUBJECTS = [
  new RegExp(
    `^(?:create (?:table|view)|alter table|drop (?:table|view)|insert into)(?: if (?:not )?exists)? ${NAME}`,
    'i',
  ),
  new RegExp(`^create (?:unique )?index(?: if not exists)? ${NAME} on ${NAME}`, 'i'),
]
const DROPPED_INDEX = new RegExp(`^drop index (?:if exists )?${NAME}`, 'i')
const REBUILT = /^insert into `((?:[^`]|``)+)` select ([\s\S]+) from `((?:[^`]|``)+)`$/i
export const TEMPORARY = '__temp_alter'

/** The table that a generated statement is about, if it is one of the forms that are known. */
export function tableOf(statement: string, indexOwner: (index: string) => string | undefined) {
  for (const form of SUBJECTS) {
    const name = form.exec(statement)?.slice(1).at(-1)
    if (name !== undefined) return nameOf(name).replace(new RegExp(`${TEMPORARY}$`), '')
  }
  const index = DROPPED_INDEX.exec(statement)?.[1]
  return index === undefined ? undefined : indexOwner(nameOf(index))
}

/** The ORM fills new columns of a table it rebuilds with null; left out, they get their default. */
export function withDefaults(statement: string): string {
  const [, target, list, source] = REBUILT.exec(statement) ?? []
  if (!target?.endsWith(TEMPORARY) || list === undefined) return statement
  const columns = list.split(/, (?=(?:null as )?`)/)
  const kept = columns.filter((column) => !column.startsWith('null as '))
  if (kept.length === columns.length) return statement
  return `insert into \`${target}\` (${kept.join(', ')}) select ${kept.join(', ')} from \`${source}\``
}

const ADDED_COLUMN = new RegExp(`^alter table ${NAME} add column `, 'i')
const COMPUTED_DEFAULT = /\bdefault\s+(?:current_(?:timestamp|date|time)\b|\()/i

/** SQLite adds a column whose default it would have to compute only to a table that is empty. */
export function failsOverRows(statement: string): boolean {
  return ADDED_COLUMN.test(statement) && COMPUTED_DEFAULT.test(statement)
}

function nameOf(quoted: string): string {
  return [...quoted.matchAll(new RegExp(PART, 'g'))].map(([part]) => unquoted(part)).join('.')
}
