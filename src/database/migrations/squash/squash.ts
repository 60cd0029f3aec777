/** @module Makes one migration of many: tried on scratch databases until the schema is the same, and only then written. */
import { rmSync } from 'node:fs'
import type { Connection } from '../../connections/connection.ts'
import type { Dialect } from '../../connections/driver.ts'
import type { MigrationFiles } from '../files/migration-files.ts'
import { readRecordedSchema, writeRecordedSchema } from '../files/recorded-schema.ts'
import { Migrator } from '../run/migrator.ts'
import type { SchemaSnapshot } from '../schema/snapshots/schema-snapshot.ts'
import { takeSnapshot } from '../schema/snapshots/take-snapshot.ts'
import { dropStatements } from './drop-statements.ts'
import { SquashError } from './errors.ts'
import {
  changesRows,
  changesSchema,
  type ReplayedStatement,
  replayedStatements,
} from './replayed-statements.ts'
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
  readonly up: readonly string[]
  /** Undefined where none were found that leave nothing. */
  readonly down: readonly string[] | undefined
}

/** What a scratch database has become with the migrations. */
interface Grown {
  readonly dialect: Dialect
  readonly replayed: readonly ReplayedStatement[]
  readonly schema: SchemaSnapshot
  readonly proposed: readonly string[] | undefined
}

export class Squash {
  readonly #open: () => Promise<Connection>
  readonly #files: MigrationFiles

  /** @param open opens a connection with the models to another empty database each time */
  constructor(open: () => Promise<Connection>, files: MigrationFiles) {
    this.#open = open
    this.#files = files
  }

  /** @throws {SquashError} and then nothing was changed */
  async run({ message, to, dryRun, dropData }: SquashOptions): Promise<SquashResult> {
    const replaces = namesUpTo(this.#files.names(), to)
    if (replaces.length < 2) return { replaces: [], statements: [], file: undefined }
    const grown = await this.#grow(replaces)
    if (!dropData) refuseData(grown)
    const statements = await this.#statementsFor(grown)
    const file = dryRun ? undefined : await this.#replaceFiles(message, replaces, statements, grown.schema)
    return { replaces, statements: statements.up, file }
  }

  async #grow(names: readonly string[]): Promise<Grown> {
    await using scratch = await this.#open()
    const { dialect } = scratch.driver
    const replayed = await replayedStatements(scratch, this.#files, names)
    const schema = await takeSnapshot(scratch)
    return { dialect, replayed, schema, proposed: await squashedStatements(scratch) }
  }

  /** What a database has written down is shorter; what was run is always there to fall back on. */
  async #statementsFor({ dialect, replayed, schema, proposed }: Grown): Promise<Statements> {
    const kept = replayed.filter(
      (statement) => statement.parameters.length === 0 && changesSchema(statement, dialect),
    )
    for (const statements of [proposed, kept.map(({ sql }) => sql)]) {
      const found = statements && (await this.#try(statements, schema))
      if (found) return found
    }
    throw new SquashError(
      'no statements were found that give the same schema.',
      'Keep them; nothing was changed.',
    )
  }

  /** Gives undefined when they lead to another schema. */
  async #try(up: readonly string[], schema: SchemaSnapshot): Promise<Statements | undefined> {
    await using scratch = await this.#open()
    const empty = await takeSnapshot(scratch)
    if (!(await runs(scratch, up)) || !(await has(scratch, schema))) return undefined
    const down = await dropStatements(scratch)
    const leavesNothing = (await runs(scratch, down)) && (await has(scratch, empty))
    return { up, down: leavesNothing ? down : undefined }
  }

  /** The old files go when the new one, as it was written, has given the same schema. */
  async #replaceFiles(
    message: string,
    replaces: readonly string[],
    { up, down }: Statements,
    schema: SchemaSnapshot,
  ): Promise<string> {
    const { folder } = this.#files
    const { name, file } = writeSquash(this.#files, message, replaces, up, down)
    try {
      await using scratch = await this.#open()
      await new Migrator(scratch, this.#files).run(name, 'up')
      if (!(await has(scratch, schema)))
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
}

function namesUpTo(names: readonly string[], to: string | undefined): readonly string[] {
  if (to === undefined) return names
  const index = names.indexOf(to)
  if (index >= 0) return names.slice(0, index + 1)
  throw new SquashError(`there is no migration "${to}".`, '"limber db status" lists their names.')
}

function refuseData({ replayed, dialect }: Grown): void {
  const found = replayed.filter((statement) => changesRows(statement, dialect))
  if (found.length === 0) return
  const list = [...new Set(found.map(({ migration }) => migration))].join(', ')
  throw new SquashError(
    `they change rows, which a new schema does not: ${list}.`,
    'Where these rows belong to every new database, put them into a seeder; then leave them out with --drop-data.',
  )
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

async function has(scratch: Connection, schema: SchemaSnapshot): Promise<boolean> {
  return (await takeSnapshot(scratch)).differences(schema).length === 0
}
