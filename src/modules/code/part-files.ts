/** @module Finds the files of a part of a module. */
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { codeOf } from '../../support/code-of.ts'

/**
 * Lists `routes.ts` and everything below `routes/`, sorted. Declarations and tests are left out, and compiled files whose
 * source stands beside them.
 */
export function partFiles(folder: string, part: string): string[] {
  const single = entries(folder).filter(
    (entry) => !entry.isDirectory() && isCode(entry.name) && stem(entry.name) === part,
  )
  return sourcesFirst([
    ...single.map(({ name }) => path.join(folder, name)),
    ...below(path.join(folder, part)),
  ]).sort()
}

function below(folder: string): string[] {
  return entries(folder).flatMap((entry) => {
    const place = path.join(folder, entry.name)
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : below(place)
    return isCode(entry.name) ? [place] : []
  })
}

function entries(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return []
    throw error
  }
}

function isCode(name: string): boolean {
  return /\.m?[jt]s$/.test(name) && !/\.(d|test)\.m?[jt]s$/.test(name) && !name.startsWith('.')
}

function stem(name: string): string {
  return name.replace(/\.m?[jt]s$/, '')
}

function sourcesFirst(files: readonly string[]): string[] {
  const sources = new Set(files.filter((file) => /\.m?ts$/.test(file)))
  return files.filter((file) => sources.has(file) || !sources.has(file.replace(/js$/, 'ts')))
}
