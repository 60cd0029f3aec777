/** @module What a failed command has to say: a code that is documented, and what to do. */
import { readFileSync } from 'node:fs'
import { exitCodes } from 'limber/console'
import { expect } from 'vitest'
import type { Ended } from '../../../support/run-limber.ts'

/** Expects it, and gives the code of the error. */
export function expectClearError({ code, stdout, stderr }: Ended): string {
  const said = `${stdout}${stderr}`
  const [, error = ''] = /\[(LIMBER_[A-Z_]+)\]/.exec(said) ?? []
  expect(error, said).not.toBe('')
  expect(readFileSync('docs/errors.md', 'utf8')).toContain(`### ${error}\n`)
  expect(said).toMatch(/^ +hint +\S/m)
  // Not that of a bug.
  expect([exitCodes.usage, exitCodes.notFound, exitCodes.conflict, exitCodes.unavailable], said).toContain(
    code,
  )
  return error
}
