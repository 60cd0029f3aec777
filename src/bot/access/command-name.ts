/** @module The one name of a command, however it is written: `/ban@my_bot` and `BAN` are `ban`. */
import { InvalidRuleError } from './errors.ts'

const WRITTEN = /^\/?([A-Za-z0-9_]{1,32})(?:@[A-Za-z0-9_]+)?$/

/** @throws {InvalidRuleError} for what is no command */
export function commandName(written: string): string {
  const [, name] = WRITTEN.exec(written.trim()) ?? []
  if (name !== undefined) return name.toLowerCase()
  throw new InvalidRuleError(
    `There can be no command "${written.slice(0, 80)}".`,
    'Give 1 to 32 letters of the alphabet, digits and "_": ban.',
  )
}
