/** @module The statements of a text of SQL, without what they quote and without comments: what is left are words that act. */
import type { Dialect } from './driver.ts'

/** Where something begins that is no code, or where a statement ends. */
const MARKS: Readonly<Record<Dialect, RegExp>> = {
  sqlite: /['"`[;]|--|\/\*/g,
  // `$1` is a parameter, and `$` may be a part of a name.
  postgres: /(?<![\w$])[eE]'|['";]|--|\/\*|(?<![\w$])\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/g,
  // `5--1` is a sum, and what is in `/*! … */` is run.
  mysql: /['"`;#]|--(?=\s|$)|\/\*M?!\d*|\/\*|\*\//g,
}

/** Up to what a quotation ends with, where a backslash keeps that from ending it. */
const ESCAPED: Readonly<Record<string, RegExp>> = {
  "'": /[^'\\]*(?:(?:\\.|'')[^'\\]*)*'?/sy,
  '"': /[^"\\]*(?:(?:\\.|"")[^"\\]*)*"?/sy,
}

const ROUTINE = /^\s*create\b.*?\b(?:trigger|function|procedure|event|package)\b/is
const BLOCKS = /\bend\s+(?:if|loop|while|repeat)\b|\bend(?:\s+case)?\b|\b(?:begin|case)\b/gi

/** Splits at `;`; a quotation is left as `''`, and a comment as a space. */
export function statementsOf(sql: string, dialect: Dialect): string[] {
  const statements: string[] = []
  const marks = new RegExp(MARKS[dialect])
  let statement = ''
  let start = 0
  for (let found = marks.exec(sql); found; found = marks.exec(sql)) {
    const [mark] = found
    statement += sql.slice(start, found.index)
    start = endOf(sql, marks.lastIndex, mark, dialect)
    marks.lastIndex = start
    if (mark !== ';') statement += /^(?:--|#|\/\*|\*\/)/.test(mark) ? ' ' : "''"
    else if (isInside(statement)) statement += mark
    else {
      statements.push(statement)
      statement = ''
    }
  }
  statements.push(statement + sql.slice(start))
  return statements.map((one) => one.trim()).filter((one) => one !== '')
}

/** Where the code goes on. */
function endOf(sql: string, from: number, mark: string, dialect: Dialect): number {
  if (mark === ';' || mark === '*/' || mark.includes('!')) return from
  if (mark === '--' || mark === '#') return after(sql, from, '\n')
  if (mark === '/*') return dialect === 'postgres' ? endOfNested(sql, from) : after(sql, from, '*/')
  const quote = mark.at(-1) ?? mark
  const escaped = dialect === 'mysql' || quote !== mark ? ESCAPED[quote] : undefined
  if (!escaped) return after(sql, from, mark === '[' ? ']' : mark)
  escaped.lastIndex = from
  return escaped.test(sql) ? escaped.lastIndex : sql.length
}

function after(sql: string, from: number, end: string): number {
  const found = sql.indexOf(end, from)
  return found < 0 ? sql.length : found + end.length
}

function endOfNested(sql: string, from: number): number {
  const edges = /\/\*|\*\//g
  edges.lastIndex = from
  let depth = 1
  for (let edge = edges.exec(sql); edge; edge = edges.exec(sql)) {
    depth += edge[0] === '/*' ? 1 : -1
    if (depth === 0) return edges.lastIndex
  }
  return sql.length
}

/** Whether the statement is a routine whose body goes on after this `;`. */
function isInside(statement: string): boolean {
  if (!ROUTINE.test(statement)) return false
  let depth = 0
  for (const [word] of statement.matchAll(BLOCKS)) {
    if (/^(?:begin|case)$/i.test(word)) depth++
    else if (/^end(?:\s+case)?$/i.test(word)) depth--
  }
  return depth > 0
}
