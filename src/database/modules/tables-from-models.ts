/** @module Makes the tables of a module that has no migrations: what its models ask for and the database does not have. */
import type { AbstractSqlConnection, SqlEntityManager } from '@mikro-orm/sql'
import type { Connection, RunSql } from '../connections/connection.ts'
import { compareText } from '../migrations/files/migration-naming.ts'
import { describeModels } from '../migrations/files/recorded-schema.ts'
import { modelsRow, versionOfModels } from '../migrations/files/version-naming.ts'
import { type BackupSettings, backUp } from '../migrations/run/backup.ts'
import { NO_RUN } from '../migrations/run/covered-migrations.ts'
import { LEDGER_TABLE, Ledger } from '../migrations/run/ledger.ts'
import { type LockOptions, withLock } from '../migrations/run/lock.ts'
import { inMigrationTransaction } from '../migrations/run/migration-transaction.ts'
import type { RunReport } from '../migrations/run/run-options.ts'
import { readSchema, targetSchema } from '../migrations/schema/compare-schemas.ts'
import { type MissingColumn, type MissingParts, missingParts } from '../migrations/schema/missing-parts.ts'
import { quoteName } from '../migrations/sql/quote-name.ts'
import { ModuleTablesError } from './errors.ts'

export interface TablesRequest extends LockOptions, Pick<RunReport, 'onBackup'> {
  readonly connection: Connection
  readonly module: string
  readonly version: string
  /** Where an SQLite database is copied to before a table that is there changes. */
  readonly backups: BackupSettings | undefined
}

/** The ORM adds the check of a new column only when it finds the column. */
const PASSES = 2

/**
 * Makes tables, columns and indexes that are missing, and remembers of which version the models were.
 *
 * @returns whether anything was made
 * @throws {ModuleTablesError} @throws {MigrationLockedError} @throws {BackupFailedError} @throws {LedgerRefusedError}
 */
export function tablesFromModels(request: TablesRequest): Promise<boolean> {
  const { connection } = request
  const { fingerprint } = describeModels(connection, undefined)
  if (targetSchema(connection).getTables().length === 0) return Promise.resolve(false)
  return connection.exclusive(async (run) => {
    const isKnown = async () => (await rowOf(connection, run, request.version)) === fingerprint
    if (await isKnown()) return false
    return withLock(connection, run, request, async () => {
      // Whoever had the lock before may have made it all.
      if (await isKnown()) return false
      await new Ledger(run).create(connection.driver.dialect, connection.schemaName)
      return make(request, run, fingerprint)
    })
  })
}

/** What is remembered of the models of a version: as long as they ask for the same, nothing is looked at. */
async function rowOf(connection: Connection, run: RunSql, version: string): Promise<string | undefined> {
  if (!(await connection.hasTable(run, LEDGER_TABLE))) return undefined
  const entries = await new Ledger(run).entries(compareText)
  return entries.find(({ name }) => name === modelsRow(version))?.checksum
}

async function make(request: TablesRequest, run: RunSql, fingerprint: string): Promise<boolean> {
  const { connection, backups, module } = request
  const first = await missing(connection, run)
  refuseLoss(module, first)
  await refuseRequired(request, run, first.columns)
  const file = first.columns.length > 0 && backups ? await backUp(connection, run, backups) : undefined
  if (file) request.onBackup?.(file)
  try {
    await together(connection, run, async () => {
      for (let pass = 1, parts = first; pass <= PASSES && parts.statements.length > 0; pass++) {
        for (const statement of parts.statements) await run(statement)
        if (parts.columns.length === 0) break
        parts = await missing(connection, run)
      }
      await remember(run, modelsRow(request.version), fingerprint)
    })
  } catch (error) {
    throw new ModuleTablesError(module, error instanceof Error ? error.message : String(error), error)
  }
  return first.statements.length > 0
}

/** There each statement that changes the schema commits by itself; what is left is made the next time. */
function together(connection: Connection, run: RunSql, work: () => Promise<void>): Promise<void> {
  return connection.driver.dialect === 'mysql' ? work() : inMigrationTransaction(connection.driver, run, work)
}

async function missing(connection: Connection, run: RunSql): Promise<MissingParts> {
  return missingParts(connection, await readSchema(connection, on(connection, run)), targetSchema(connection))
}

/** The ORM reads on the connection that has the lock: there may be no other. */
function on({ orm }: Connection, run: RunSql): AbstractSqlConnection {
  const connection = (orm.em as SqlEntityManager).getConnection('write')
  const reading = {
    async execute(sql: string, parameters: readonly unknown[] = [], method: 'all' | 'get' = 'all') {
      const rows = await run(sql, parameters)
      return method === 'get' ? rows[0] : rows
    },
    getPlatform: () => connection.getPlatform(),
  }
  // Whatever reads a schema uses nothing else of it.
  return reading as unknown as AbstractSqlConnection
}

function refuseLoss(module: string, { lost }: MissingParts): void {
  if (lost.length === 0) return
  throw new ModuleTablesError(module, `a table would be built again without ${lost.join(', ')}.`)
}

async function refuseRequired(
  { connection, module }: TablesRequest,
  run: RunSql,
  columns: readonly MissingColumn[],
): Promise<void> {
  for (const { table, schema, name, isRequired } of columns) {
    if (!isRequired) continue
    const quoted = [schema, table].flatMap((part) =>
      part ? [quoteName(part, connection.driver.dialect)] : [],
    )
    const [row] = await run(`select 1 from ${quoted.join('.')} limit 1`)
    if (row)
      throw new ModuleTablesError(
        module,
        `"${table}" has rows, which would have nothing in its new column "${name}": it is required and has no default.`,
      )
  }
}

async function remember(run: RunSql, row: string, fingerprint: string): Promise<void> {
  const ledger = new Ledger(run)
  for (const { name } of await ledger.entries(compareText))
    if (versionOfModels(name) !== undefined) await ledger.remove(name)
  await ledger.add(row, NO_RUN, fingerprint)
}
