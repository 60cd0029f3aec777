/** @module Takes a module from a folder that is not under version control. */
import { cpSync } from 'node:fs'
import path from 'node:path'

/** What is installed for its development is not part of a module. */
const LEFT_OUT = ['node_modules', '.git']

export function copyFolder(from: string, into: string): void {
  const filter = (source: string) => !LEFT_OUT.includes(path.relative(from, source).split(path.sep)[0] ?? '')
  cpSync(from, into, { recursive: true, verbatimSymlinks: true, filter })
}
