/** @module Asks a person on a terminal whether a module may do what it asks for. */
import { createInterface } from 'node:readline/promises'
import type { Readable, Writable } from 'node:stream'
import { isPermission, PERMISSIONS } from '../permissions/permission.ts'

/** Gives false for any answer but yes, and when the input ends without one. */
export async function askConsent(
  { name, version }: { readonly name: string; readonly version: string },
  permissions: readonly string[],
  input: Readable,
  output: Writable,
): Promise<boolean> {
  output.write(`${[`${name} ${version} asks for`, ...meanings(permissions)].join('\n')}\n`)
  const terminal = createInterface({ input, output, prompt: 'Allow this? (yes or no) ' })
  try {
    terminal.prompt()
    for await (const answer of terminal) {
      if (/^y(es)?$/i.test(answer.trim())) return true
      if (/^no?$/i.test(answer.trim())) return false
      terminal.prompt()
    }
  } finally {
    terminal.close()
  }
  return false
}

/** A line for each permission, with what it means. */
export function meanings(permissions: readonly string[]): string[] {
  const width = Math.max(...permissions.map(({ length }) => length))
  return permissions.map((permission) => {
    const meaning = isPermission(permission) ? PERMISSIONS[permission] : ''
    return `  ${permission.padEnd(width)}  ${meaning}`
  })
}
