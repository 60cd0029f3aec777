/** @module Walks through a folder in the order of the bytes of its keys, as buckets do. */
import type { Dirent } from 'node:fs'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { keyFault } from '../file-key.ts'
import { codeOf } from './explain-failure.ts'

/** Something in a folder: the key of a folder ends with a slash. */
export interface Entry {
  readonly key: string
  readonly path: string
}

export interface Walk {
  readonly recursive: boolean
  /** The last key of the page before; only what comes behind it is given. */
  readonly after: string
}

/**
 * Gives files, and folders unless they are walked through. Links, sockets and names that are no keys are left out.
 *
 * @param prefix the key of the folder with a slash at its end, or empty
 */
export async function* walkFolder(folder: string, prefix: string, walk: Walk): AsyncGenerator<Entry> {
  for (const entry of await entriesOf(folder, prefix)) {
    const isFolder = entry.key.endsWith('/')
    const isPassed = byBytes(entry.key, walk.after) <= 0
    // The page before may have ended inside of it.
    const isOpen = isFolder && walk.recursive && (!isPassed || walk.after.startsWith(entry.key))
    if (isOpen) yield* walkFolder(entry.path, entry.key, walk)
    else if (!isPassed && !(isFolder && walk.recursive)) yield entry
  }
}

async function entriesOf(folder: string, prefix: string): Promise<Entry[]> {
  const found = await namesIn(folder)
  return found
    .filter((entry) => entry.isFile() || entry.isDirectory())
    .filter(({ name }) => keyFault(prefix + name) === undefined)
    .map((entry) => ({
      key: `${prefix}${entry.name}${entry.isDirectory() ? '/' : ''}`,
      path: path.join(folder, entry.name),
    }))
    .sort((one, other) => byBytes(one.key, other.key))
}

async function namesIn(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true })
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return []
    throw error
  }
}

function byBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other))
}
