/** @module What the statements of one migration may cost, in their order. */
import type { Dialect } from '../../connections/driver.ts'
import { follow } from './follow.ts'
import type { Finding, Hazard } from './judging/hazard.ts'
import { judgeMysql } from './judging/judge-mysql.ts'
import { judgePostgres } from './judging/judge-postgres.ts'
import { judgeRebuild } from './judging/judge-rebuild.ts'
import { judgeRows } from './judging/judge-rows.ts'
import type { KnownTables } from './known-tables.ts'
import type { Action } from './reading/actions.ts'
import { actionsOf } from './reading/read-statement.ts'
import { Rebuilds } from './rebuilds.ts'

/** Reads the statements of one migration; what they change is known of the tables afterwards. */
export async function findHazards(
  statements: readonly string[],
  tables: KnownTables,
  dialect: Dialect,
): Promise<Hazard[]> {
  const read = statements.flatMap((statement) =>
    actionsOf(statement, dialect).map((action) => ({ statement, action })),
  )
  const rebuilds = new Rebuilds(
    read.map(({ action }) => action),
    (name) => tables.keyOf(name),
  )
  const hazards: Hazard[] = []
  for (const { statement, action } of read) {
    const findings = await judge(action, tables, rebuilds, dialect)
    hazards.push(...findings.map((finding) => ({ ...finding, statement })))
    await follow(action, tables, rebuilds)
  }
  return hazards
}

async function judge(
  action: Action,
  tables: KnownTables,
  rebuilds: Rebuilds,
  dialect: Dialect,
): Promise<Finding[]> {
  if (action.does === 'note') return [{ kind: 'note', what: action.what }]
  const name = action.table
  const table = name && (await tables.find(name))
  if (name && (!table || table.isNew)) return []
  if (action.does === 'discard') return [discarded(action)]
  if (action.does === 'lock') return table?.hasRows === false ? [] : [locked(action)]
  if (!table || rebuilds.isStep(action)) return []
  const rebuild = rebuilds.of(action)
  if (rebuild) return judgeRebuild(rebuild, table, tables, dialect)
  const rows = await judgeRows(action, table, tables, dialect)
  if (!table.isInUse) return rows
  const judgeLocks = { sqlite: undefined, postgres: judgePostgres, mysql: judgeMysql }[dialect]
  return [...rows, ...(judgeLocks?.(action, table) ?? [])]
}

function discarded({ table, what }: Extract<Action, { does: 'discard' }>): Finding {
  const of = table ? ` of "${table.name}"` : ''
  return { kind: 'destructive', table: table?.name, what: `This deletes ${what}${of}.` }
}

function locked({ table, what, safer }: Extract<Action, { does: 'lock' }>): Finding {
  const whom = table ? `others wait for "${table.name}"` : 'others wait'
  return { kind: 'locking', table: table?.name, what: `${what}; ${whom}.`, safer: safer && `Use ${safer}.` }
}
