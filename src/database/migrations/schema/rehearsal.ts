/** @module Applies a generated migration to the scratch database, forwards and back, before it is written. */
import type { Connection } from '../../connections/connection.ts'
import { SchemaNotRepresentableError } from '../errors.ts'
import { type ModelDifference, modelDifference } from './model-difference.ts'
import { type NamedColumn, SchemaSnapshot } from './schema-snapshot.ts'
import { quoteName, type Renaming, renamingOf, tableOf } from './sql.ts'

export interface SchemaDiff extends ModelDifference {
  /** Why there are no statements that take `up` back. */
  readonly irreversible?: string
  /** What will not work on tables that have rows. */
  readonly warnings: readonly string[]
}

/** The ORM needs a second pass where it adds a column without its check; nothing is known to need a third. */
const PASSES = 3

export class Rehearsal {
  readonly #scratch: Connection
  readonly #before: SchemaSnapshot

  private constructor(scratch: Connection, before: SchemaSnapshot) {
    this.#scratch = scratch
    this.#before = before
  }

  /** Everything happens in one transaction of the scratch database, which ends when it is closed. */
  static async begin(scratch: Connection): Promise<Rehearsal> {
    const run = (sql: string, parameters: readonly unknown[] = []) => scratch.execute(sql, parameters)
    for (const sql of ['pragma foreign_keys = off', 'begin', 'savepoint before']) await run(sql)
    return new Rehearsal(scratch, await SchemaSnapshot.take(run))
  }

  async rehearse(): Promise<SchemaDiff> {
    const first = await this.#difference()
    const up = await this.#findUp(first)
    const renamings = up.map(renamingOf).filter((renaming) => renaming !== undefined)
    const after = await this.#snapshot()
    const down = up.length > 0 ? await this.#findDown(first, up, renamings, after) : []
    const warnings = this.#warnings(after, renamings)
    if (down) return { up, down, warnings }
    const irreversible = 'no statements were found that restore what was there before.'
    return {
      up,
      down: [],
      irreversible,
      warnings: [...warnings, `down() cannot be written: ${irreversible}`],
    }
  }

  #warnings(after: SchemaSnapshot, renamings: readonly Renaming[]): string[] {
    const isRenamed = ({ table, column }: NamedColumn) =>
      renamings.some((r) => r.table === table && (r.to === column || r.from === column))
    const required = after.newRequiredColumns(this.#before).filter((column) => !isRenamed(column))
    const replaced = after.replacedColumns(this.#before).filter((column) => !isRenamed(column))
    return [
      ...required.map(
        ({ table, column }) =>
          `"${column}" of "${table}" is not null and has no default: this fails when "${table}" has rows. ` +
          'Give it a default, or make it nullable, fill it, and make it not null in a later migration.',
      ),
      ...replaced.map(
        ({ table, column }) =>
          `"${column}" of "${table}" is dropped with all that is in it. ` +
          'Rename it by hand in a migration of its own if a new column is to have its values.',
      ),
    ]
  }

  /** Repeats until a pass changes nothing: what the ORM still finds then is only a difference in spelling. */
  async #findUp(first: ModelDifference): Promise<string[]> {
    const up: string[] = []
    let current = this.#before
    for (let pass = 1; ; pass++) {
      const { up: statements } = pass === 1 ? first : await this.#difference()
      await this.#apply(statements)
      const next = await this.#snapshot()
      const changed = next.differences(current)
      if (changed.length === 0) break
      if (pass > PASSES) throw neverEnds(changed, statements)
      up.push(...this.#about(changed, statements, [current, next]))
      current = next
    }
    await this.#reset(up)
    const left = (await this.#snapshot()).differences(current)
    if (left.length > 0) throw neverEnds(left, up)
    return up
  }

  /** Prefers what the ORM proposes, which is shorter, to what was written down before. */
  async #findDown(
    { down }: ModelDifference,
    up: readonly string[],
    renamings: readonly Renaming[],
    after: SchemaSnapshot,
  ): Promise<readonly string[] | undefined> {
    const proposed = this.#about(after.differences(this.#before), down, [this.#before, after])
    if (await this.#restores(up, proposed)) return proposed
    const back = renamings.toReversed().map(renameBack)
    await this.#reset(up)
    if (!(await this.#works(back))) return undefined
    const restoring = [...back, ...this.#before.statementsFrom(await this.#snapshot())]
    return (await this.#restores(up, restoring)) ? restoring : undefined
  }

  async #restores(up: readonly string[], down: readonly string[]): Promise<boolean> {
    await this.#reset(up)
    if (!(await this.#works(down))) return false
    return (await this.#snapshot()).differences(this.#before).length === 0
  }

  async #works(statements: readonly string[]): Promise<boolean> {
    try {
      await this.#apply(statements)
      return true
    } catch (error) {
      if (error instanceof SchemaNotRepresentableError) return false
      throw error
    }
  }

  async #difference(): Promise<ModelDifference> {
    try {
      return await modelDifference(this.#scratch)
    } catch (error) {
      const suspects = (await this.#snapshot()).unreadable
      if (suspects.length === 0) throw error
      const reason = error instanceof Error ? error.cause : error
      const names = suspects.map((name) => `"${name}"`).join(', ')
      throw new SchemaNotRepresentableError(`What the migrations call ${names} cannot be read back`, reason)
    }
  }

  /** Leaves out rebuilds of tables that are the same afterwards. */
  #about(
    tables: readonly string[],
    statements: readonly string[],
    snapshots: readonly SchemaSnapshot[],
  ): readonly string[] {
    const owner = (index: string) =>
      snapshots.map((snapshot) => snapshot.ownerOfIndex(index)).find((table) => table !== undefined)
    return statements.filter((statement) => {
      const table = tableOf(statement, owner)
      return table === undefined || tables.includes(table)
    })
  }

  async #reset(statements: readonly string[]): Promise<void> {
    await this.#scratch.execute('rollback to before')
    await this.#apply(statements)
  }

  async #apply(statements: readonly string[]): Promise<void> {
    for (const statement of statements) {
      try {
        await this.#scratch.execute(statement)
      } catch (cause) {
        throw new SchemaNotRepresentableError(`The database refuses ${statement}`, cause)
      }
    }
  }

  #snapshot(): Promise<SchemaSnapshot> {
    return SchemaSnapshot.take((sql, parameters) => this.#scratch.execute(sql, parameters))
  }
}

function renameBack({ table, from, to }: Renaming): string {
  return `alter table ${quoteName(table)} rename column ${quoteName(to)} to ${quoteName(from)}`
}

function neverEnds(tables: readonly string[], statements: readonly string[]): SchemaNotRepresentableError {
  const list = tables.map((table) => `"${table}"`).join(', ')
  return new SchemaNotRepresentableError(
    `The models and the migrations never agree about ${list}`,
    `every migration would be followed by another: ${statements.join('; ')}`,
  )
}
