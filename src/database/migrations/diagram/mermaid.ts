/** @module Writes a diagram in the language of Mermaid, whose grammar takes few characters and knows some words of its own. */
import type { DiagramColumn, DiagramContent, DiagramRelation, DiagramTable } from './describe-tables.ts'

/** Read as keys of a column, whatever their case. */
const KEYWORD = /^(?:pk|fk|uk)$/i

/**
 * Writes an entity relationship diagram.
 *
 * @example
 * ```
 * erDiagram
 *   "book" {
 *     integer id PK
 *     integer author_id FK
 *   }
 *   "author" ||--o{ "book" : "author"
 * ```
 */
export function mermaid({ tables, relations }: DiagramContent): string {
  const soft = tables.filter(({ isSoftDeleted }) => isSoftDeleted).map(({ name }) => entity(name))
  const lines = [
    'erDiagram',
    ...(soft.length > 0 ? [`  %% soft-deleted: ${soft.join(', ')}`] : []),
    ...tables.flatMap(entityLines),
    ...relations.map(relationLine),
  ]
  return `${lines.join('\n')}\n`
}

function entityLines({ name, columns }: DiagramTable): string[] {
  if (columns.length === 0) return [`  ${entity(name)}`]
  return [`  ${entity(name)} {`, ...columns.map((column) => `    ${columnLine(column)}`), '  }']
}

function columnLine({ name, type, keys, isNullable, isTrashMark }: DiagramColumn): string {
  const written = attribute(name)
  const remarks = [
    ...(written === name ? [] : [`named '${name}'`]),
    ...(isNullable ? ['nullable'] : []),
    ...(isTrashMark ? ['soft delete'] : []),
  ]
  return [
    attribute(type.replaceAll("'", ''), true),
    written,
    ...(keys.length > 0 ? [keys.join(', ')] : []),
    ...(remarks.length > 0 ? [text(remarks.join(', '))] : []),
  ].join(' ')
}

/** Seen from the table that is referred to: one row of it, or none, and any number of those that refer to it. */
function relationLine({ name, from, to, isOptional, isUnique }: DiagramRelation): string {
  return `  ${entity(to)} ${isOptional ? '|o' : '||'}--${isUnique ? 'o|' : 'o{'} ${entity(from)} : ${text(name)}`
}

/** In quotes, where no word has a meaning of its own; letters and digits of every script are taken there. */
function entity(name: string): string {
  return `"${name.replace(/[^\p{L}\p{M}\p{N} _.-]/gu, '_')}"`
}

function attribute(name: string, isType = false): string {
  const allowed = isType ? /[^A-Za-z0-9_()[\]]+/g : /[^A-Za-z0-9_]/g
  const written = name.replace(allowed, '_')
  if (KEYWORD.test(written)) return `${written}_`
  return /^[A-Za-z_]/.test(written) ? written : `_${written}`
}

/** A percent sign could begin a comment, and a brace a directive. */
function text(content: string): string {
  return `"${content.replaceAll('"', "'").replace(/[\p{C}%{}#;\\]/gu, '_')}"`
}
