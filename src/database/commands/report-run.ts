/** @module Says what a run of migrations does while it does it. */
import type { Output } from '../../console/output.ts'
import type { RunOptions } from '../migrations/run/migrator.ts'

interface Words {
  readonly done: string
  readonly planned: string
  readonly nothing: string
}

interface Options {
  readonly step: number | undefined
  readonly dryRun: boolean
  readonly json: boolean
}

export async function reportRun(
  output: Output,
  words: Words,
  { step, dryRun, json }: Options,
  run: (options: RunOptions) => Promise<string[]>,
): Promise<void> {
  const onDone = (name: string, milliseconds: number) => {
    if (!json) output.line(`${words.done} ${name} (${Math.round(milliseconds)} ms)`)
  }
  const names = await run({ step, dryRun, onDone })
  if (json) output.json({ migrations: names, dryRun })
  else if (names.length === 0) output.line(words.nothing)
  else if (dryRun) for (const name of names) output.line(`${words.planned} ${name}`)
}
