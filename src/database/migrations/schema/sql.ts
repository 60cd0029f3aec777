/** @module Reads SQL as far as quotes, comments and the bodies of triggers: no further, and no less. */

const TOKEN =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|\$(\w*)\$[\s\S]*?\$\1\$|[\p{L}\p{N}_]+|\s+|[\s\S]/gu
const TRIGGER = /^create (?:temp |temporary )?trigger\b/
const NO_ACTION = / on (?:update|delete) no action/g

function tokensOf(sql: string): string[] {
  return sql.match(TOKEN) ?? []
}

/** Splits a script where a statement ends, and not where a text or a trigger has a semicolon. */
export function splitStatements(script: string): string[] {
  const statements: string[] = []
  let text = ''
  let words = ''
  let depth = 0
  for (const token of tokensOf(script)) {
    if (token === ';' && depth === 0) {
      statements.push(text)
      text = ''
      words = ''
      continue
    }
    text += token
    if (/^\w/.test(token)) words += `${words && ' '}${token.toLowerCase()}`
    if (TRIGGER.test(words)) depth += depthOf(token.toLowerCase())
  }
  return [...statements, text].map((statement) => statement.trim()).filter((statement) => statement !== '')
}

function depthOf(word: string): number {
  return word === 'begin' || word === 'case' ? 1 : word === 'end' ? -1 : 0
}

/**
 * Writes a definition so that two that mean the same are the same text: no spaces, quotes of names, capitals or actions
 * that are the default, and the columns and constraints of a table in one order.
 */
export function normalizeDefinition(sql: string): string {
  const parts: string[] = ['']
  let depth = 0
  for (const token of tokensOf(sql)) {
    if (/^(?:\s|--|\/\*)/.test(token)) continue
    if (token === '(') depth++
    if (token === ')') depth--
    if (depth === 1 && (token === ',' || token === '(')) parts.push('')
    else if (depth === 0 && token === ')') parts.push('')
    else parts[parts.length - 1] += ` ${token.startsWith("'") ? token : unquote(token).toLowerCase()}`
  }
  const [head = '', ...rest] = parts.map((part) => part.replace(NO_ACTION, ''))
  return [head, ...(/^ create table /.test(head) ? rest.sort() : rest)].join(',')
}

function unquote(token: string): string {
  const [mark = ''] = token
  return mark === '"' || mark === '`' ? token.slice(1, -1).replaceAll(mark + mark, mark) : token
}

/** The ORM reads tables and indexes by their names without escaping these. */
const UNREADABLE = /[`'"\s.[\];]/

export function isReadable(name: string): boolean {
  return !UNREADABLE.test(name)
}

export function quoteName(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``
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
  return [...quoted.matchAll(new RegExp(PART, 'g'))].map(([part]) => unquote(part)).join('.')
}
