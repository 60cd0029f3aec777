/** @module Whether a database, the files of its migrations and the models are in order, as one answer with an exit code. */
import type { Application } from '../../../application/application.ts'
import { DatabaseFileError, DatabaseUnavailableError, PoolTimeoutError } from '../../errors.ts'
import { Migrations } from '../migrations.ts'
import type { MigrationStatus } from '../run/migration-status.ts'
import { compareModels, compareWithRecord, type ModelComparison } from './compare-models.ts'
import { CheckFailedError } from './errors.ts'

/** The exit codes of `limber db check`, which stand for themselves and not for kinds of errors. */
export const checkCodes = { inOrder: 0, pending: 1, models: 2, files: 3, unreachable: 4 } as const

export type CheckCode = (typeof checkCodes)[keyof typeof checkCodes]

export interface CheckResult {
  readonly code: CheckCode
  readonly unreachable?: string
  readonly migrations: readonly MigrationStatus[]
  /** Undefined when the databases did not open at all. */
  readonly models?: ModelComparison
}

/**
 * Looks at everything, also when the first answer would decide the exit code.
 *
 * @param chosen those of a module; default: those of the application
 *
 * @throws {CheckFailedError} when there is no answer: its exit code is none of those that are one
 */
export async function check(
  app: Application,
  connection?: string,
  chosen?: Migrations | undefined,
): Promise<CheckResult> {
  try {
    return await look(app, connection, chosen)
  } catch (error) {
    throw new CheckFailedError(error)
  }
}

async function look(
  app: Application,
  connection: string | undefined,
  chosen: Migrations | undefined,
): Promise<CheckResult> {
  const ledger = await readLedger(app, connection, chosen)
  // The models cannot be asked for when the databases did not open at all.
  const { opened, unreachable, migrations } = ledger
  // Without migrations, the tables of a module come from its models.
  const hasRecord = !chosen || chosen.files.names().length + chosen.files.beyond().length > 0
  const models =
    opened && hasRecord ? await modelsOf(chosen ?? app.make(Migrations), unreachable, connection) : undefined
  const found = { migrations, ...(models && { models }), ...(unreachable !== undefined && { unreachable }) }
  return { code: codeOf(found), ...found }
}

async function modelsOf(
  migrations: Migrations,
  unreachable: string | undefined,
  connection: string | undefined,
): Promise<ModelComparison> {
  if (unreachable === undefined) return compareModels(migrations, connection)
  return compareWithRecord(migrations, connection, 'The server does not answer.')
}

async function readLedger(app: Application, connection: string | undefined, chosen: Migrations | undefined) {
  let opened = false
  try {
    await app.ready(['db'])
    opened = true
    return { opened, migrations: await (chosen ?? app.make(Migrations)).migrator(connection).status() }
  } catch (error) {
    if (!isAway(error)) throw error
    return { opened, migrations: [], unreachable: error.message }
  }
}

type Away = DatabaseUnavailableError | DatabaseFileError | PoolTimeoutError

function isAway(error: unknown): error is Away {
  return [DatabaseUnavailableError, DatabaseFileError, PoolTimeoutError].some((type) => error instanceof type)
}

/** The most serious one: without an answer nothing is known, and no command mends what an applied file has lost. */
function codeOf({ unreachable, migrations, models }: Omit<CheckResult, 'code'>): CheckCode {
  const has = (...states: readonly string[]) => migrations.some(({ state }) => states.includes(state))
  if (unreachable !== undefined) return checkCodes.unreachable
  if (has('changed', 'missing')) return checkCodes.files
  if (has('pending', 'interrupted')) return checkCodes.pending
  return models && models.differ !== false ? checkCodes.models : checkCodes.inOrder
}
