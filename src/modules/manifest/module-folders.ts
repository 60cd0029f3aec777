/** @module The folders that the configuration names as modules, with patterns spelled out. */
import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import type { ModuleEntry } from '../../application/define-app.ts'
import { codeOf } from '../../support/code-of.ts'
import { placeFrom } from '../../support/place-from.ts'
import { ModuleFolderError } from './errors.ts'
import { MANIFEST_FILE } from './manifest.ts'

export interface ModuleFolder {
  /** Absolute. */
  readonly folder: string
  readonly granted: readonly string[] | undefined
}

/** A folder, or why something cannot be one; undefined is passed over. */
type Found = ModuleFolder | ModuleFolderError | undefined

/** Gives each folder once, and what is wrong with the others. */
export async function moduleFolders(
  root: string,
  entries: readonly ModuleEntry[],
): Promise<readonly (ModuleFolder | ModuleFolderError)[]> {
  const folders = new Map<string, ModuleFolder>()
  const errors: ModuleFolderError[] = []
  for (const entry of entries) {
    for (const found of await foldersOf(root, entry)) {
      if (found instanceof ModuleFolderError) errors.push(found)
      else if (found) folders.set(found.folder, together(folders.get(found.folder), found))
    }
  }
  return [...folders.values(), ...errors]
}

/** Named twice, a folder is granted what it was granted in either place. */
function together(first: ModuleFolder | undefined, { folder, granted }: ModuleFolder): ModuleFolder {
  if (first?.granted === undefined) return { folder, granted }
  return { folder, granted: [...new Set([...first.granted, ...(granted ?? [])])] }
}

async function foldersOf(root: string, entry: ModuleEntry): Promise<readonly Found[]> {
  const [name, granted] = typeof entry === 'string' ? [entry, undefined] : [entry.folder, entry.permissions]
  if (!name.includes('*')) return [{ folder: path.resolve(root, name), granted }]
  if (granted !== undefined || name.includes('**')) {
    const reason = granted ? 'a pattern is granted nothing.' : '"**" is not read.'
    return [new ModuleFolderError(name, reason, 'Name one folder, or a pattern such as "modules/*".')]
  }
  const [first = '', ...segments] = name.split('/')
  const start = first === '' ? path.parse(path.resolve(root)).root : root
  return await matches(root, start, first === '' ? segments : [first, ...segments])
}

/** Follows a pattern one segment at a time. */
async function matches(root: string, folder: string, segments: readonly string[]): Promise<readonly Found[]> {
  const [segment, ...rest] = segments
  if (segment === undefined) return [await matched(root, folder)]
  if (!segment.includes('*')) return matches(root, path.join(folder, segment), rest)
  const pattern = new RegExp(`^${segment.replace(/[\\^$.|?+()[\]{}]/g, '\\$&').replaceAll('*', '.*')}$`)
  let names: string[]
  try {
    names = await readdir(folder)
  } catch (error) {
    // An application without modules need not have their folder.
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return []
    return [unreadable(root, folder, error)]
  }
  const fitting = names.filter((name) => pattern.test(name) && !/^\.|^node_modules$/.test(name)).sort()
  const found: Found[] = []
  for (const name of fitting) found.push(...(await matches(root, path.join(folder, name), rest)))
  return found
}

/** What in a folder says that it was meant as a module. */
const PARTS =
  /^((provider|models|routes|handlers|commands)(\.[cm]?[jt]s)?|migrations|strings|module\.(yml|json))$/

/** A folder that a pattern fits is passed over when nothing in it looks like a module. */
async function matched(root: string, folder: string): Promise<Found> {
  try {
    if (!(await stat(folder)).isDirectory()) return undefined
    const names = await readdir(folder)
    if (names.includes(MANIFEST_FILE)) return { folder, granted: undefined }
    const part = names.sort().find((name) => PARTS.test(name))
    if (part === undefined) return undefined
    const hint = part.startsWith('module.')
      ? `Name the file ${MANIFEST_FILE}.`
      : `Write its ${MANIFEST_FILE}.`
    return new ModuleFolderError(placeFrom(root, folder), `it has "${part}" and no "${MANIFEST_FILE}".`, hint)
  } catch (error) {
    return unreadable(root, folder, error)
  }
}

function unreadable(root: string, folder: string, error: unknown): ModuleFolderError {
  const reason =
    codeOf(error) === 'ENOENT' ? 'the link leads nowhere.' : `it cannot be read: ${codeOf(error)}.`
  const hint = 'Take it away, or give the application the right to read it.'
  return new ModuleFolderError(placeFrom(root, folder), reason, hint, error)
}
