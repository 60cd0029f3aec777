/** @module Tells what a specifier in a file of a module means. */
import { realpathSync } from 'node:fs'
import { createRequire, isBuiltin } from 'node:module'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

export type Target =
  /** A file of the module, which is evaluated anew for every load. */
  | { readonly kind: 'own'; readonly file: string }
  /** A file of the application. */
  | { readonly kind: 'application'; readonly url: string }
  /** The framework that is running, and what compiled decorators call: found from here. */
  | { readonly kind: 'framework'; readonly specifier: string }
  /** A package, found from the file that imports it. */
  | { readonly kind: 'package'; readonly specifier: string }

/**
 * @param folder of the module, a real path
 * @throws an error with the code `ENOENT` for a file that is not there
 */
export function targetOf(specifier: string, file: string, folder: string): Target {
  if (/^(limber|@oxc-project\/runtime)(\/|$)/.test(specifier)) return { kind: 'framework', specifier }
  if (/^(\.{0,2}\/|file:)/.test(specifier)) {
    return fileTarget(fileURLToPath(new URL(specifier, pathToFileURL(file))), folder)
  }
  if (!specifier.startsWith('#')) return { kind: 'package', specifier }
  const found = createRequire(file).resolve(specifier)
  return path.isAbsolute(found) ? fileTarget(found, folder) : { kind: 'package', specifier: found }
}

/** Gives what `import.meta.resolve` gives in this file. */
export function resolveFrom(specifier: string, file: string): string {
  if (/^(\.{0,2}\/|[a-z][a-z+.-]+:)/.test(specifier)) return new URL(specifier, pathToFileURL(file)).href
  if (isBuiltin(specifier)) return `node:${specifier}`
  return pathToFileURL(createRequire(file).resolve(specifier)).href
}

export function isWithin(file: string, folder: string): boolean {
  const below = path.relative(folder, file)
  return below !== '' && below !== '..' && !below.startsWith(`..${path.sep}`) && !path.isAbsolute(below)
}

function fileTarget(found: string, folder: string): Target {
  const file = realpathSync(found)
  const url = pathToFileURL(file).href
  if (!isWithin(file, folder)) return { kind: 'application', url }
  const isPackage = path.relative(folder, file).split(path.sep).includes('node_modules')
  // What is neither a module of ours nor data is for Node to load: `.cjs`, `.node`.
  if (isPackage || !/\.(m?[jt]s|json)$/.test(file)) return { kind: 'package', specifier: url }
  return { kind: 'own', file }
}
