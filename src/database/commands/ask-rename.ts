/** @module Asks a person on a terminal what became of a table or a column. */
import { createInterface } from 'node:readline/promises'
import type { Readable, Writable } from 'node:stream'
import { RenameUndecidedError } from '../migrations/schema/errors.ts'
import type { LostName } from '../migrations/schema/renames/rename-choices.ts'

/** @throws {RenameUndecidedError} when the input ends without an answer */
export async function askRename(
  { name, candidates }: LostName,
  input: Readable,
  output: Writable,
): Promise<string | undefined> {
  const choices = [...candidates.map((to) => `renamed to "${to}"`), 'dropped, with all that is in it']
  output.write(`"${name}" is not in the models any more. It was\n`)
  for (const [index, choice] of choices.entries()) output.write(`  ${index + 1}  ${choice}\n`)
  const terminal = createInterface({ input, output, prompt: `Which? (1 to ${choices.length}) ` })
  try {
    terminal.prompt()
    for await (const answer of terminal) {
      const index = Number(answer.trim()) - 1
      if (choices[index] !== undefined) return candidates[index]
      terminal.prompt()
    }
  } finally {
    terminal.close()
  }
  throw new RenameUndecidedError([{ name, candidates }])
}

/** Whether a person is at both ends. */
export function isTerminal(...streams: readonly (Readable | Writable)[]): boolean {
  return streams.every((stream) => Reflect.get(stream, 'isTTY') === true)
}
