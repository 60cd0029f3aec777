/** @module Makes one migration of many: tried on scratch databases until the schema is the same, and only then written. */
import { rmSync } from 'node:fs'
import path from 'node:path'
import type { Application } from '../../../application/application.ts'
import type { Connection } from '../../connections/connection.ts'
import { openConnection } from '../../connections/open-connection.ts'
import { loadModels } from '../../models/load-models.ts'
import { MigrationFiles } from '../files/migration-files.ts'
import { readRecordedSchema, writeRecordedSchema } from '../files/recorded-schema.ts'
import type { Migrations } from '../migrations.ts'
import { dropStatements } from './drop-statements.ts'
import { SquashError } from './errors.ts'
import {
  changesRows,
  changesSchema,
  type RecordedStatement,
  recordStatements,
  runMigration,
} from './recorded-statements.ts'
import { schemaText } from './schema-text.ts'
import { removeMigrations, writeSquash } from './squash-file.ts'
import { squashedStatements } from './squashed-statements.ts'

export interface SquashOptions {
  readonly message: string
  /** The last migration to replace; default: the last there is. */
  readonly to?: string | undefined
  readonly dryRun?: boolean
  /** Leaves out what the migrations do to rows. */
  readonly dropData?: boolean
}

export interface SquashResult {
  readonly replaces: readonly string[]
  readonly statements: readonly string[]
  /** Undefined when nothing was written. */
  readonly file: string | undefined
}

interface Statements {
  readonly statements: readonly string[]
  /** Undefined where none were found that leave nothing. */
  readonly down: readonly string[] | undefined
}

interface Grown {
  readonly recorded: readonly RecordedStatement[]
  readonly text: readonly string[]
  readonly proposed: readonly string[] | undefined
}

/** @throws {SquashError} and then nothing was changed */
export async function squash(
  app: Application,
  migrations: Migrations,
  options: SquashOptions,
): Promise<SquashResult> {
  const { files } = migrations
  const replaces = namesUpTo(files.names(), options.to)
  if (replaces.length < 2) return { replaces: [], statements: [], file: undefined }
  const grown = await onScratch(app, async (scratch) => {
    const recorded = await recordStatements(scratch, files, replaces)
    return { recorded, text: await schemaText(scratch), proposed: await squashedStatements(scratch) }
  })
  if (!options.dropData) refuseData(app, grown.recorded)
  const { statements, down } = await statementsFor(app, grown)
  if (options.dryRun) return { replaces, statements, file: undefined }
  const file = await replaceFiles(app, files, options.message, {
    replaces,
    statements,
    down,
    text: grown.text,
  })
  return { replaces, statements, file: path.relative(app.root, file) }
}

function namesUpTo(names: readonly string[], to: string | undefined): readonly string[] {
  if (to === undefined) return names
  const index = names.indexOf(to)
  if (index >= 0) return names.slice(0, index + 1)
  throw new SquashError(`there is no migration "${to}".`, '"limber db status" lists their names.')
}

function refuseData(app: Application, recorded: readonly RecordedStatement[]): void {
  const { dialect } = app.make('db').connection().driver
  const found = recorded.filter((statement) => changesRows(statement, dialect))
  if (found.length === 0) return
  const list = [...new Set(found.map(({ migration }) => migration))].join(', ')
  throw new SquashError(
    `they change rows, which a new schema does not: ${list}.`,
    'Where these rows belong to every new database, put them into a seeder; then leave them out with --drop-data.',
  )
}

/** What a database has written down is shorter; what was run is always there to fall back on. */
async function statementsFor(app: Application, { recorded, text, proposed }: Grown): Promise<Statements> {
  const { dialect } = app.make('db').connection().driver
  const replayed = recorded.filter(
    (statement) => statement.parameters.length === 0 && changesSchema(statement, dialect),
  )
  for (const statements of [proposed, replayed.map(({ sql }) => sql)]) {
    const found = statements && (await tryStatements(app, statements, text))
    if (found) return found
  }
  throw new SquashError(
    'no statements were found that give the same schema.',
    'Keep them; nothing was changed.',
  )
}

/** Gives undefined when they lead to another schema. */
function tryStatements(
  app: Application,
  statements: readonly string[],
  text: readonly string[],
): Promise<Statements | undefined> {
  return onScratch(app, async (scratch) => {
    if (!(await runs(scratch, statements)) || !isSame(await schemaText(scratch), text)) return undefined
    const down = await dropStatements(scratch)
    const leavesNothing = (await runs(scratch, down)) && (await schemaText(scratch)).length === 0
    return { statements, down: leavesNothing ? down : undefined }
  })
}

async function runs(scratch: Connection, statements: readonly string[]): Promise<boolean> {
  try {
    for (const statement of statements) await scratch.execute(statement)
    return true
  } catch {
    // A proposal that does not even run is none.
    return false
  }
}

interface Proven extends Statements {
  readonly replaces: readonly string[]
  readonly text: readonly string[]
}

/** The old files go when the new one, as it was written, has given the same schema. */
async function replaceFiles(
  app: Application,
  { folder }: MigrationFiles,
  message: string,
  { replaces, statements, down, text }: Proven,
): Promise<string> {
  const { name, file } = writeSquash(folder, message, replaces, statements, down)
  try {
    const isProven = await onScratch(app, async (scratch) => {
      await runMigration(scratch, await new MigrationFiles(folder).load(name))
      return isSame(await schemaText(scratch), text)
    })
    if (!isProven)
      throw new SquashError('the written file gives another schema.', 'Keep them; nothing was changed.')
  } catch (error) {
    rmSync(file)
    throw error
  }
  removeMigrations(folder, replaces)
  const recorded = readRecordedSchema(folder)
  if (recorded?.migration !== undefined && replaces.includes(recorded.migration))
    writeRecordedSchema(folder, { ...recorded, migration: name })
  return file
}

async function onScratch<T>(app: Application, work: (scratch: Connection) => Promise<T>): Promise<T> {
  await using scratch = await openConnection({
    name: 'scratch',
    driver: app.make('db').connection().driver.scratch(),
    root: app.root,
    models: await loadModels(app.config.find('app.models') ?? []),
    application: {},
    log: (message) => app.make('log').debug(message),
  })
  // Awaited here: the scratch database is closed when this function returns.
  return await work(scratch)
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, index) => text === b[index])
}
