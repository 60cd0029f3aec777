/** @module Plays a history on a database, and compares rows and schema with the description after every step. */
import { Choices } from './choices.ts'
import { isSoft, type State, stampOf, takenBack } from './description.ts'
import { expectSame } from './differences.ts'
import { initialState } from './initial.ts'
import type { Kind } from './kinds.ts'
import { addRow, cellFor, expectedRows, readRows, type Writer, writeCell, writing } from './rows.ts'
import { type PlannedChange, stepOf } from './steps.ts'
import type { Steps, World } from './world.ts'

export type Tally = Map<Kind, number>

const FIRST_ROWS = 4

/** Whether each step is followed by the question what is left to write, or only the last: it takes a scratch database. */
export type Churn = 'each' | 'last'

export async function play(
  world: World,
  history: readonly (readonly PlannedChange[])[],
  tally: Tally,
  churn: Churn = 'each',
): Promise<void> {
  const choices = new Choices(history.length)
  const log: string[] = []
  let state = initialState()
  try {
    await world.begin()
    let schema = await begin(world, state, choices)
    for (const planned of history) {
      const change = stepOf(state, planned)
      if (!change) continue
      const { next, answers, kinds } = change
      log.push(change.words)
      const reached = await world.with(next, async (steps) => {
        const reached = await step(world, steps, state, next, schema, answers)
        if (churn === 'each' || reached === schema)
          expectSame('what is left to write', await steps.pending(), [])
        return reached
      })
      if (reached !== schema) for (const kind of kinds) tally.set(kind, (tally.get(kind) ?? 0) + 1)
      schema = reached
      await live(world, state, next, choices)
      state = next
    }
    if (churn === 'last') {
      const left = await world.with(state, (steps) => steps.pending())
      expectSame('what is left to write', left, [])
    }
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    throw new Error(`${log.join('\n')}\n\n${log.length > 0 ? world.latestMigration() : ''}\n${text}`, {
      cause: error,
    })
  }
}

/** The first models, in their tables, with rows. */
export async function begin(world: World, state: State, choices: Choices): Promise<string[]> {
  const schema = await world.with(state, async (steps) => {
    world.writeMigration('begin', await steps.creating(state))
    await steps.run('migrate')
    return world.schemaOf(state, steps)
  })
  expectSame('the first schema', await world.schema(), schema)
  await live(world, { tables: [], next: 0 }, state, choices)
  return schema
}

/** Forwards, back and forwards again. Gives the schema that was reached. */
async function step(
  world: World,
  steps: Steps,
  before: State,
  after: State,
  schema: string[],
  answers: readonly string[],
): Promise<string[]> {
  const wanted = await world.schemaOf(after, steps)
  // Not every change shows in every database.
  if (wanted.join('\n') === schema.join('\n')) return schema
  const old = await world.schema()
  await steps.run('makemigrations', '-m', 'change', ...answers)
  await steps.run('migrate')
  await check(world, after, 'rows after migrate')
  expectSame('the schema after migrate', await world.schema(), wanted)
  await steps.run('rollback', '--step', '1')
  await check(world, takenBack(before, after), 'rows after rollback')
  expectSame('the schema after rollback', await world.schema(), old)
  await steps.run('migrate')
  await check(world, after, 'rows after the second migrate')
  expectSame('the schema after the second migrate', await world.schema(), wanted)
  return wanted
}

export async function check(world: World, state: State, what: string): Promise<void> {
  expectSame(what, await readRows(world.actual, state), expectedRows(state))
}

/** Life goes on: new rows everywhere, values in new columns, something in the trash. */
async function live(world: World, before: State, state: State, choices: Choices): Promise<void> {
  await writing(world.actual, async (writer) => {
    for (const table of state.tables) {
      const old = before.tables.find(({ identity }) => identity === table.identity)
      const isNew = (identity: number) => old?.columns.every((column) => column.identity !== identity)
      for (const column of table.columns.filter(({ identity, isStamp }) => isNew(identity) && !isStamp)) {
        for (const row of table.rows) {
          const value = cellFor(state, column, state.next++, choices)
          if (value !== null) await writeCell(writer, table, column, row, value)
        }
      }
      for (let count = old ? 1 : FIRST_ROWS; count > 0; count--) await addRow(writer, state, table, choices)
    }
    await trash(writer, state, choices)
  })
  await check(world, state, 'rows that were added')
}

async function trash(writer: Writer, { tables }: State, choices: Choices): Promise<void> {
  for (const table of tables.filter(isSoft)) {
    const [stamp, row] = [stampOf(table), choices.of(table.rows)]
    if (stamp && row) await writeCell(writer, table, stamp, row, '2026-05-06T07:08:09.123Z')
  }
}
