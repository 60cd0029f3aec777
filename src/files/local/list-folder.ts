/** @module Walks through a folder in the order of the bytes of its keys, as buckets do. */
import { readdir } from 'node:fs/promises'
import { FileLinkError, InvalidFileOptionError } from '../errors.ts'
import { keyFault } from '../file-key.ts'
import type { FileList, ListedFile, ListOptions } from '../file-store.ts'
import { type LocalFolder, lookAt, unlessAbsent } from './local-folder.ts'
import { LocalPlace } from './local-place.ts'

/** Something in a folder: the key of a folder ends with a slash. */
interface Entry {
  readonly key: string
  readonly name: string
  readonly parent: LocalFolder
}

interface Walk {
  readonly recursive: boolean
  /** The last key of the page before; only what comes behind it is given. */
  readonly after: string
}

/** @param key that of the folder, or empty @throws {FileLinkError} @throws {InvalidFileOptionError} */
export async function listFolder(
  root: LocalFolder,
  key: string,
  { recursive = false, cursor, limit }: ListOptions & { readonly limit: number },
): Promise<FileList> {
  const after = cursor === undefined ? '' : keyIn(cursor)
  const files: ListedFile[] = []
  const folders: string[] = []
  let last = ''
  const prefix = key === '' ? '' : `${key}/`
  using place = await unlessAbsent(LocalPlace.open(root, `${prefix}x`))
  if (!place) return { files, folders, next: undefined }
  for await (const entry of walkFolder(place.folder, prefix, { recursive, after })) {
    if (files.length + folders.length === limit) return { files, folders, next: cursorOf(last) }
    const found = await lookAt(entry.parent.at(entry.name))
    if (found?.isDirectory()) folders.push(entry.key.replace(/\/$/, ''))
    else if (found?.isFile()) files.push({ key: entry.key, size: found.size, lastModified: found.mtime })
    else continue
    last = entry.key
  }
  return { files, folders, next: undefined }
}

/**
 * Gives files, and folders unless they are walked through. Links, sockets and names that are no keys are left out.
 *
 * @param prefix the key of the folder with a slash at its end, or empty
 */
async function* walkFolder(parent: LocalFolder, prefix: string, walk: Walk): AsyncGenerator<Entry> {
  for (const entry of await entriesOf(parent, prefix)) {
    const isFolder = entry.key.endsWith('/')
    const isPassed = byBytes(entry.key, walk.after) <= 0
    // The page before may have ended inside of it.
    const isOpen = isFolder && walk.recursive && (!isPassed || walk.after.startsWith(entry.key))
    if (isOpen) {
      using folder = await unlessAbsent(parent.enter(entry.name)).catch(unlessLink)
      if (folder) yield* walkFolder(folder, entry.key, walk)
    } else if (!isPassed && !(isFolder && walk.recursive)) yield entry
  }
}

async function entriesOf(parent: LocalFolder, prefix: string): Promise<Entry[]> {
  const found = (await unlessAbsent(readdir(parent.path, { withFileTypes: true }))) ?? []
  return found
    .filter((entry) => entry.isFile() || entry.isDirectory())
    .filter(({ name }) => keyFault(prefix + name) === undefined)
    .map((entry) => ({
      key: `${prefix}${entry.name}${entry.isDirectory() ? '/' : ''}`,
      name: entry.name,
      parent,
    }))
    .sort((one, other) => byBytes(one.key, other.key))
}

/** A folder that became a link since its name was read. */
function unlessLink(error: unknown): undefined {
  if (!(error instanceof FileLinkError)) throw error
}

function byBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other))
}

function cursorOf(key: string): string {
  return Buffer.from(key).toString('base64url')
}

function keyIn(cursor: string): string {
  const key = Buffer.from(cursor, 'base64url').toString()
  if (key !== '' && cursorOf(key) === cursor) return key
  throw new InvalidFileOptionError('cursor', cursor, 'the "next" of a list')
}
