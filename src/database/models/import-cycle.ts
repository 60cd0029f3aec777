/** @module Finds the circle of imports that a model file is part of, from the text of the files. */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** A relative import that stays at run time: one of types only is gone by then. */
const IMPORT = /^\s*(?:import|export)\s+(?!type\b)[^'"]*?from\s*['"](\.[^'"]+)['"]/gm

/** A file in a line of a stack trace: `at <anonymous> (/srv/app/models/book.ts:5:50)`. */
const STACK_FILE = /(?:\(|\s)((?:file:\/\/)?\/[^()\s]+?\.[cm]?[jt]s)(?:\?[^:]*)?:\d+:\d+/

/** The file in which an error was thrown. */
export function fileOf(error: Error): string | undefined {
  const found = STACK_FILE.exec(error.stack ?? '')?.[1]
  return found?.startsWith('file:') ? fileURLToPath(found) : found
}

/** The shortest way from a file back to itself, beginning and ending with it. */
export function importCycle(file: string): string[] | undefined {
  const ways = [[file]]
  const seen = new Set<string>()
  for (const way of ways) {
    for (const target of importsOf(way.at(-1) ?? file)) {
      if (target === file) return [...way, file]
      if (seen.has(target)) continue
      seen.add(target)
      ways.push([...way, target])
    }
  }
  return undefined
}

function importsOf(file: string): string[] {
  if (!existsSync(file)) return []
  const targets = [...readFileSync(file, 'utf8').matchAll(IMPORT)].map((match) => match[1] ?? '')
  return targets.flatMap((target) => {
    const full = path.resolve(path.dirname(file), target)
    return [full, full.replace(/\.js$/, '.ts'), `${full}.ts`].find((name) => existsSync(name)) ?? []
  })
}
