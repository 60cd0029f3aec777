/** @module Reads a constraint or an index that an `alter table` adds, or that stands in a `create table`. */
import type { Dialect } from '../../../connections/driver.ts'
import { hasWords, type TableName, TokenReader } from '../../sql/token-reader.ts'
import type { Token } from '../../sql/tokens.ts'
import type { Action, ConstraintKind } from './actions.ts'

const CONSTRAINTS = 'constraint primary unique check foreign'.split(' ')
const FIRST_WORDS: Readonly<Record<Dialect, ReadonlySet<string>>> = {
  sqlite: new Set(CONSTRAINTS),
  postgres: new Set([...CONSTRAINTS, 'exclude', 'like']),
  mysql: new Set([...CONSTRAINTS, ...'index key fulltext spatial partition period system vector'.split(' ')]),
}

const KINDS: readonly ConstraintKind[] = ['foreign key', 'check', 'unique', 'primary key', 'exclude']

/** Whether this is no column. */
export function isConstraint(reader: TokenReader): boolean {
  return reader.isNextOf(FIRST_WORDS[reader.dialect])
}

export function readConstraint(table: TableName, reader: TokenReader): Action[] {
  const name = constraintName(reader)
  if (reader.acceptAny('index', 'key')) return [indexOn(table, 'plain')]
  if (reader.acceptAny('fulltext', 'spatial', 'vector')) return [indexOn(table, 'special')]
  if (reader.accept('system')) return [lockFor(table, 'System versioning copies the table')]
  if (reader.acceptAny('partition', 'period', 'like')) return []
  const kind = KINDS.find((phrase) => reader.accept(...phrase.split(' ')))
  if (!kind) return []
  return [
    {
      does: 'add constraint',
      table,
      kind,
      name,
      isNotValid: hasWords(reader.rest, 'not', 'valid'),
      usesIndex: reader.isNext('using', 'index'),
      notNull: kind === 'check' ? notNullOf(reader) : undefined,
    },
  ]
}

function constraintName(reader: TokenReader): string | undefined {
  if (!reader.accept('constraint')) return undefined
  reader.accept('if', 'not', 'exists')
  const isUnnamed = KINDS.some((phrase) => reader.isNext(...phrase.split(' ')))
  return isUnnamed ? undefined : reader.name()
}

/** The columns of a primary key that stands by itself in a `create table`. */
export function primaryKeyOf(tokens: readonly Token[], dialect: Dialect): string[] {
  const reader = new TokenReader(tokens, dialect)
  constraintName(reader)
  if (!reader.accept('primary', 'key')) return []
  reader.until('(')
  const inner = new TokenReader(reader.group() ?? [], dialect)
  const columns: string[] = []
  while (!inner.isAtEnd) {
    const name = inner.name()
    if (name !== undefined) columns.push(name)
    inner.until(',')
    inner.accept(',')
  }
  return columns
}

/** Of `check (column is not null)`. */
function notNullOf(reader: TokenReader): string | undefined {
  let inner = new TokenReader(reader.rest, reader.dialect)
  for (let group = inner.group(); group; group = inner.group()) {
    inner = new TokenReader(group, reader.dialect)
  }
  const column = inner.name()
  return inner.accept('is', 'not', 'null') && inner.isAtEnd ? column : undefined
}

function indexOn(table: TableName, kind: 'plain' | 'special'): Action {
  return { does: 'create index', table, isConcurrent: false, kind }
}

function lockFor(table: TableName, what: string): Action {
  return { does: 'lock', table, what, safer: undefined }
}
