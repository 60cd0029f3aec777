/** @module Reads the templates of a folder, all of them: nothing outside of it can be named by a template then. */
import type { Dirent } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { canonicalLanguage } from '../../strings/language.ts'
import { codeOf } from '../../support/code-of.ts'
import { placeFrom } from '../../support/place-from.ts'
import { TemplateError } from './errors.ts'

export interface TemplateFile {
  /** `profile`, or `parts/footer` in a folder. */
  readonly name: string
  /** As BCP 47 writes it; empty for the one that stands in for all others. */
  readonly language: string
  /** From the root of the application: `modules/shop/templates/profile.de.liquid`. */
  readonly place: string
  readonly text: string
}

const SUFFIX = '.liquid'
/** Of one file, in bytes. */
const LARGEST = 256 * 1024

/**
 * Reads `<name>.liquid` and `<name>.<language>.liquid`, also in folders within. Links are not followed.
 *
 * @throws {TemplateError} for a file that cannot be read, or is too large
 */
export async function readTemplates(folder: string, root: string): Promise<readonly TemplateFile[]> {
  const entries = await entriesOf(folder)
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith(SUFFIX))
  const paths = files.map((entry) => path.join(entry.parentPath, entry.name)).sort()
  return Promise.all(paths.map((file) => readTemplate(file, folder, placeFrom(root, file))))
}

async function entriesOf(folder: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true, recursive: true })
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return []
    throw error
  }
}

async function readTemplate(file: string, folder: string, place: string): Promise<TemplateFile> {
  const bytes = await readFile(file)
  if (bytes.length > LARGEST) {
    throw new TemplateError(place, `it has ${bytes.length} bytes; ${LARGEST} are the most`)
  }
  return { ...nameOf(placeFrom(folder, file)), place, text: bytes.toString() }
}

/** `profile.de` is in German; `profile.v2` is a name, since no language has such a one. */
function nameOf(file: string): Pick<TemplateFile, 'name' | 'language'> {
  const base = file.slice(0, -SUFFIX.length)
  const dot = base.lastIndexOf('.')
  const language = dot > base.lastIndexOf('/') ? canonicalLanguage(base.slice(dot + 1)) : undefined
  return language === undefined ? { name: base, language: '' } : { name: base.slice(0, dot), language }
}
