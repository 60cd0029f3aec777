/** @module What keeps others away from a table of PostgreSQL. */

import type { KnownTable } from '../known-table.ts'
import type { Action, ColumnDefinition, SqlType } from '../reading/actions.ts'
import type { Finding } from './hazard.ts'
import { narrowing } from './narrowing.ts'

const OUTSIDE = 'in a migration with "static override transaction = false"'
const CONCURRENTLY = `Create it concurrently, ${OUTSIDE}.`
const NOT_VALID = 'Add it as "not valid", and validate it in a later migration.'
const USING_INDEX = `Create a unique index concurrently, ${OUTSIDE}, and add the constraint "using index".`

export function judgePostgres(action: Action, table: KnownTable): Finding[] {
  if (!('table' in action) || !action.table) return []
  const { name } = action.table
  switch (action.does) {
    case 'create index':
      return action.isConcurrent
        ? []
        : [locking(name, `Nobody writes to "${name}" while the index is built.`, CONCURRENTLY)]
    case 'change type':
      return judgeType(name, table, action)
    case 'set not null':
      return isKnownFull(table, action.column) ? [] : [scanned(name, action.column)]
    case 'add constraint':
      return judgeConstraint(name, action)
    case 'add column':
      return judgeColumn(name, action.column)
    default:
      return []
  }
}

/** Then PostgreSQL does not look at the rows. */
function isKnownFull(table: KnownTable, name: string): boolean {
  const column = table.column(name)
  return column !== undefined && (column.isChecked || !column.isNullable)
}

function scanned(name: string, column: string): Finding {
  const what = `Nobody reads or writes "${name}" while every row is checked for "${column}".`
  const safer = `Add "check (${column} is not null) not valid", validate it in a later migration, then set not null and drop the check.`
  return locking(name, what, safer, column)
}

function judgeConstraint(name: string, action: Extract<Action, { does: 'add constraint' }>): Finding[] {
  if (action.isNotValid || action.usesIndex) return []
  if (action.kind === 'unique' || action.kind === 'primary key') {
    const what = `Nobody reads or writes "${name}" while the index of the ${action.kind} is built.`
    return [locking(name, what, USING_INDEX)]
  }
  if (action.kind === 'exclude')
    return [locking(name, `Nobody reads or writes "${name}" while the index of the constraint is built.`)]
  const verb = action.kind === 'check' ? 'reads or writes' : 'writes to'
  return [locking(name, `Nobody ${verb} "${name}" while every row is checked.`, NOT_VALID)]
}

function judgeType(
  name: string,
  table: KnownTable,
  action: Extract<Action, { does: 'change type' }>,
): Finding[] {
  const before = table.column(action.column)?.type
  if (before && !action.hasUsing && isFree(before, action.type)) return []
  const may = before || action.hasUsing ? 'is' : 'may be'
  const what = `Nobody reads or writes "${name}" while it ${may} written anew for the type of "${action.column}".`
  return [
    locking(
      name,
      what,
      'Add a new column, fill it in batches, and change over when it is full.',
      action.column,
    ),
  ]
}

const LENGTHS = /^(?:character varying|varchar|text)$/
const NUMERICS = /^(?:numeric|decimal)$/

/** Whether only the catalog changes. */
function isFree(from: SqlType, to: SqlType): boolean {
  if (from.text === to.text) return true
  if (from.isArray || to.isArray || narrowing(from, to, 'postgres') !== 'fits') return false
  if (LENGTHS.test(from.name) && LENGTHS.test(to.name)) return true
  if (NUMERICS.test(from.name) && NUMERICS.test(to.name))
    return to.args.length === 0 || (from.args[1] ?? '0') === (to.args[1] ?? '0')
  return canonical(from.name) === canonical(to.name)
}

const SAME: Readonly<Record<string, string>> = {
  int: 'integer',
  int4: 'integer',
  int8: 'bigint',
  int2: 'smallint',
  bool: 'boolean',
  timestamptz: 'timestamp with time zone',
  timestamp: 'timestamp without time zone',
  time: 'time without time zone',
  timetz: 'time with time zone',
  float8: 'double precision',
  float4: 'real',
  char: 'character',
}

function canonical(type: string): string {
  return SAME[type] ?? type
}

/** The same for every row. */
const STABLE = new Set(
  (
    'now current_timestamp current_date current_time localtime localtimestamp transaction_timestamp statement_timestamp ' +
    'current_user session_user to_timestamp make_date make_interval jsonb_build_object json_build_object array ' +
    'varchar char character numeric decimal timestamp timestamptz time bit interval coalesce lower upper md5 concat'
  ).split(' '),
)

function judgeColumn(name: string, column: ColumnDefinition): Finding[] {
  const findings: Finding[] = []
  const rewriting = rewritingOf(column)
  if (rewriting) {
    const what = `Nobody reads or writes "${name}" while it is written anew: ${rewriting}.`
    findings.push(
      locking(
        name,
        what,
        'Add it without a default, then set the default, and fill the rows in batches.',
        column.name,
      ),
    )
  }
  if (column.isUnique || column.isPrimary) {
    const what = `Nobody reads or writes "${name}" while the index of "${column.name}" is built.`
    findings.push(locking(name, what, USING_INDEX, column.name))
  }
  // A new column without a default is null in every row, which no foreign key looks at.
  if (column.hasCheck || (column.isReference && column.default)) {
    const what = `Nobody reads or writes "${name}" while every row is checked for "${column.name}".`
    findings.push(locking(name, what, NOT_VALID, column.name))
  }
  return findings
}

function rewritingOf({
  default: value,
  generated,
  isAutoIncrement,
  name,
}: ColumnDefinition): string | undefined {
  if (generated === 'stored') return `"${name}" is computed for every row`
  if (generated === 'identity' || isAutoIncrement) return `"${name}" is counted for every row`
  const call = value?.find(
    (token, at) => token.kind === 'word' && value[at + 1]?.text === '(' && !STABLE.has(token.text),
  )
  return call ? `${call.text}() may give each row another value` : undefined
}

function locking(table: string, what: string, safer?: string, column?: string): Finding {
  return { kind: 'locking', table, column, what, safer }
}
