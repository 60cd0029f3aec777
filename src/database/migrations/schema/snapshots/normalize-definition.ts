/** @module Writes definitions of SQLite so that two that mean the same are the same text. */
import { tokensOf } from '../../sql/tokens.ts'

const NO_ACTION = / on (?:update|delete) no action/g

/**
 * Without spaces, quotes of names, capitals and actions that are the default, and with the columns and constraints of a
 * table in one order.
 */
export function normalizeDefinition(sql: string): string {
  const parts: string[] = ['']
  let depth = 0
  for (const { kind, text } of tokensOf(sql, 'sqlite')) {
    if (text === '(') depth++
    if (text === ')') depth--
    if (depth === 1 && (text === ',' || text === '(')) parts.push('')
    else if (depth === 0 && text === ')') parts.push('')
    else parts[parts.length - 1] += ` ${kind === 'text' ? text : text.toLowerCase()}`
  }
  const [head = '', ...rest] = parts.map((part) => part.replace(NO_ACTION, ''))
  return [head, ...(/^ create table /.test(head) ? rest.sort() : rest)].join(',')
}
