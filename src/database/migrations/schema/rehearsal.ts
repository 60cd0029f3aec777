/** @module Applies a generated migration to the scratch database, forwards and back, before it is written. */
import type { DatabaseSchema } from '@mikro-orm/sql'
import { compareSchemas, readSchema } from './compare-schemas.ts'
import { SchemaNotRepresentableError } from './errors.ts'
import { type ModelDifference, modelDifference } from './model-difference.ts'
import { neverEnds } from './never-ends.ts'
import type { Scratch } from './scratch.ts'
import type { SchemaSnapshot } from './snapshots/schema-snapshot.ts'
import { failsOverRows, tableOf } from './sql.ts'
import { namingUnreadable } from './unreadable-names.ts'
import { warningsOf } from './warnings.ts'

export interface SchemaDiff extends ModelDifference {
  /** Why there are no statements that take `up` back. */
  readonly irreversible?: string
  /** What will not work on tables that have rows. */
  readonly warnings: readonly string[]
}

/** The ORM needs a second pass where it adds a column without its check; nothing is known to need a third. */
const PASSES = 3

export class Rehearsal {
  readonly #scratch: Scratch
  readonly #renames: ModelDifference
  readonly #before: SchemaSnapshot
  /** The same as the ORM reads it. */
  readonly #schema: DatabaseSchema
  /** What the scratch database has seen since it was reset. */
  #applied: string[] = []

  private constructor(
    scratch: Scratch,
    renames: ModelDifference,
    before: SchemaSnapshot,
    schema: DatabaseSchema,
  ) {
    this.#scratch = scratch
    this.#renames = renames
    this.#before = before
    this.#schema = schema
  }

  /**
   * @param renames come before everything else, and are taken back after it
   * @param schema what the scratch database has, as the ORM reads it
   */
  static async begin(scratch: Scratch, renames: ModelDifference, schema: DatabaseSchema): Promise<Rehearsal> {
    return new Rehearsal(scratch, renames, await scratch.snapshot(), schema)
  }

  /** @throws {SchemaNotRepresentableError} when statements cannot bring the database to what the models ask for */
  async rehearse(): Promise<SchemaDiff> {
    await this.#apply(this.#renames.up)
    const renamed = await this.#scratch.snapshot()
    const first = await this.#difference()
    const found = await this.#findUp(first, renamed)
    const after = await this.#scratch.snapshot()
    const up = await this.#overRows(found, renamed, after)
    const warnings = warningsOf(after, renamed, this.#scratch.dialect)
    const down = up.length > 0 ? await this.#findDown(first, up, renamed, after) : []
    if (down) return { up, down, warnings }
    const irreversible = 'no statements were found that restore what was there before.'
    return {
      up,
      down: [],
      irreversible,
      warnings: [...warnings, `down() cannot be written: ${irreversible}`],
    }
  }

  /** Repeats until a pass changes nothing: what the ORM still finds then is only a difference in spelling. */
  async #findUp(first: ModelDifference, renamed: SchemaSnapshot): Promise<string[]> {
    const up = [...this.#renames.up]
    let current = renamed
    for (let pass = 1; ; pass++) {
      const { up: statements } = pass === 1 ? first : await this.#difference()
      if (statements.length === 0) break
      await this.#apply(statements)
      const next = await this.#scratch.snapshot()
      const changed = next.differences(current)
      if (changed.length === 0) break
      if (pass > PASSES) throw neverEnds(changed, statements)
      up.push(...this.#about(changed, statements, [current, next]))
      current = next
    }
    await this.#bringTo(up)
    const left = (await this.#scratch.snapshot()).differences(current)
    if (left.length > 0) throw neverEnds(left, up)
    return up
  }

  /** There are no rows here that would make a statement fail: what is known to is done by building the table again. */
  async #overRows(
    up: readonly string[],
    renamed: SchemaSnapshot,
    after: SchemaSnapshot,
  ): Promise<readonly string[]> {
    if (this.#scratch.dialect !== 'sqlite' || !up.some(failsOverRows)) return up
    const rebuilding = [...this.#renames.up, ...(after.statementsFrom(renamed) ?? [])]
    await this.#bringTo(rebuilding)
    const left = (await this.#scratch.snapshot()).differences(after)
    return left.length === 0 ? rebuilding : up
  }

  /** Prefers what the ORM proposes, which is shorter, to what is found out from what was there before. */
  async #findDown(
    { down }: ModelDifference,
    up: readonly string[],
    renamed: SchemaSnapshot,
    after: SchemaSnapshot,
  ): Promise<readonly string[] | undefined> {
    const back = this.#renames.down
    const proposed = [...this.#about(after.differences(renamed), down, [renamed, after]), ...back]
    if (await this.#restores(up, proposed)) return proposed
    await this.#bringTo(up)
    if (!(await this.#works(back))) return undefined
    const written = this.#before.statementsFrom(await this.#scratch.snapshot())
    if (!written) return this.#findBack(back)
    const restoring = [...back, ...written]
    return (await this.#restores(up, restoring)) ? restoring : undefined
  }

  /** Compares what is there with what was there, instead of the models with what was there. */
  async #findBack(back: readonly string[]): Promise<readonly string[] | undefined> {
    const down = [...back]
    for (let pass = 0; pass < PASSES; pass++) {
      const left = (await this.#scratch.snapshot()).differences(this.#before)
      if (left.length === 0) return down
      const { connection } = this.#scratch
      const found = compareSchemas(connection, await readSchema(connection), this.#schema).up()
      const statements = this.#about(left, found, [this.#before, await this.#scratch.snapshot()])
      if (statements.length === 0 || !(await this.#works(statements))) return undefined
      down.push(...statements)
    }
    return (await this.#scratch.snapshot()).differences(this.#before).length === 0 ? down : undefined
  }

  async #restores(up: readonly string[], down: readonly string[]): Promise<boolean> {
    await this.#bringTo(up)
    if (!(await this.#works(down))) return false
    return (await this.#scratch.snapshot()).differences(this.#before).length === 0
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

  #difference(): Promise<ModelDifference> {
    const { connection } = this.#scratch
    return namingUnreadable(connection, () => modelDifference(connection))
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

  /** A reset costs a replay of every migration where the schema cannot be rolled back. */
  async #bringTo(statements: readonly string[]): Promise<void> {
    const isThere = this.#applied.length === statements.length
    if (isThere && this.#applied.every((statement, index) => statement === statements[index])) return
    await this.#scratch.reset()
    this.#applied = []
    await this.#apply(statements)
  }

  async #apply(statements: readonly string[]): Promise<void> {
    for (const statement of statements) {
      this.#applied.push(statement)
      try {
        await this.#scratch.execute(statement)
      } catch (cause) {
        throw new SchemaNotRepresentableError(`The database refuses ${statement}`, cause)
      }
    }
  }
}
