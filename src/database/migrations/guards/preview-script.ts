/** @module Writes recorded migrations as a script that a person can read, and run. */
import type { Dialect } from '../../connections/driver.ts'
import { LEDGER_TABLE } from '../run/ledger.ts'
import { isWord } from '../sql/token-reader.ts'
import { endsInLineComment, tokensOf } from '../sql/tokens.ts'
import type { Preview } from './previews.ts'

/** Gives the lines of the script. */
export function previewScript(previews: readonly Preview[], dialect: Dialect): string[] {
  const lines = previews.flatMap(({ name, hazards, statements }) => [
    comment(name),
    ...hazards.flatMap(({ kind, what, safer }) => [
      comment(`  ${kind}: ${what}`),
      ...(safer ? [comment(`    safer: ${safer}`)] : []),
    ]),
    ...statements.map(({ text }) => terminated(text, dialect)),
    '',
  ])
  const head = comment(
    `Run by hand, this is not written to ${LEDGER_TABLE}: "limber db migrate" would repeat it.`,
  )
  if (dialect !== 'sqlite') return [head, '', ...lines]
  // A table that is made anew is dropped first, and its drop would take along the rows that refer to it.
  return [head, 'pragma foreign_keys = off;', '', ...lines, 'pragma foreign_keys = on;']
}

/** A name may have line breaks, behind which it would be a statement. */
function comment(text: string): string {
  return `-- ${text.replace(/[\r\n\u2028\u2029]+/g, ' ')}`
}

function terminated(text: string, dialect: Dialect): string {
  const tokens = tokensOf(text, dialect)
  const sql = text.trim()
  if (dialect === 'mysql' && tokens.slice(0, -1).some((token) => isWord(token, ';'))) return delimited(sql)
  if (isWord(tokens.at(-1), ';')) return sql
  return endsInLineComment(sql, dialect) ? `${sql}\n;` : `${sql};`
}

/** The client of MySQL and MariaDB would end the body of a routine at its first semicolon. */
function delimited(sql: string): string {
  const mark = ['$$', '//', '%%'].find((candidate) => !sql.includes(candidate)) ?? '@@@@'
  return `delimiter ${mark}\n${sql}\n${mark}\ndelimiter ;`
}
