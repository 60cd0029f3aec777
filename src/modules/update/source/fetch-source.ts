/** @module Gets the files of a module from a folder, a git repository or an archive. */
import { existsSync, lstatSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { LimberError } from '../../../errors/limber-error.ts'
import { messageOf } from '../../../support/message-of.ts'
import { MANIFEST_FILE } from '../../manifest/manifest.ts'
import { ModuleSourceError } from '../errors.ts'
import { cloneRepository } from './clone-repository.ts'
import { copyFolder } from './copy-folder.ts'
import { extractArchive } from './extract-archive.ts'

/** Without these three a URL could name a program to run, or go over the network unencrypted. */
const GIT_URL = /^(?:(?:https|ssh|file):\/\/|[\w.-]+@[\w.-]+:)/i
const ARCHIVE = /\.(?:tar|tar\.gz|tgz)$/i

/**
 * Puts the files into a new folder, and gives the folder of the module in it: that one, or the only one inside.
 *
 * @param root where relative paths begin
 * @throws {ModuleSourceError} @throws {PackageMissingError}
 */
export async function fetchSource(source: string, root: string, into: string): Promise<string> {
  try {
    mkdirSync(into, { recursive: true })
    await fetchInto(source, root, into)
    refuseLinks(source, into)
  } catch (error) {
    if (error instanceof LimberError) throw error
    throw new ModuleSourceError(source, messageOf(error), undefined, error)
  }
  const folder = moduleFolderIn(into)
  if (folder) return folder
  throw new ModuleSourceError(source, `there is no ${MANIFEST_FILE} in it, nor in a single folder in it.`)
}

async function fetchInto(source: string, root: string, into: string): Promise<void> {
  if (GIT_URL.test(source)) return cloneRepository(source, withoutFragment(source), into)
  if (/^[a-z][a-z0-9+.-]*:/i.test(source)) {
    throw new ModuleSourceError(
      source,
      'of URLs, https://, ssh:// and file:// of git repositories are taken.',
    )
  }
  const whole = path.resolve(root, source)
  if (existsSync(whole)) return fetchLocal(source, { place: whole }, into)
  const { url, ref } = withoutFragment(source)
  const place = path.resolve(root, url)
  if (ref === undefined || !existsSync(place)) throw new ModuleSourceError(source, 'there is nothing.')
  await fetchLocal(source, { place, ref }, into)
}

interface Local {
  readonly place: string
  readonly ref?: string
}

async function fetchLocal(source: string, { place, ref }: Local, into: string): Promise<void> {
  const isFolder = statSync(place).isDirectory()
  if (isFolder && isRepository(place))
    return cloneRepository(source, { url: pathToFileURL(place).href, ref }, into)
  if (ref !== undefined) throw new ModuleSourceError(source, `only git repositories have a "#${ref}".`)
  if (isFolder) return copyFolder(place, into)
  if (ARCHIVE.test(place)) return extractArchive(source, place, into)
  const hint = 'Make a .tar.gz of it: tar -czf module.tar.gz -C <folder> .'
  throw new ModuleSourceError(source, 'it is neither a folder nor a .tar, .tar.gz or .tgz file.', hint)
}

/** With its files beside `.git`, or bare. */
function isRepository(folder: string): boolean {
  const has = (name: string) => existsSync(path.join(folder, name))
  return has('.git') || (has('HEAD') && has('objects') && has('refs'))
}

function withoutFragment(source: string): { url: string; ref: string | undefined } {
  const hash = source.lastIndexOf('#')
  if (hash < 0) return { url: source, ref: undefined }
  return { url: source.slice(0, hash), ref: source.slice(hash + 1) }
}

/** A link could lead anywhere, also out of the folder of the module. */
function refuseLinks(source: string, folder: string): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const status = lstatSync(path.join(folder, name))
    if (status.isFile() || status.isDirectory()) continue
    throw new ModuleSourceError(
      source,
      `"${name}" in it is a link or a special file.`,
      'Replace it by a file.',
    )
  }
}

function moduleFolderIn(folder: string): string | undefined {
  const has = (place: string) => existsSync(path.join(place, MANIFEST_FILE))
  if (has(folder)) return folder
  const [only, ...others] = readdirSync(folder)
  if (only === undefined || others.length > 0) return undefined
  const inside = path.join(folder, only)
  return has(inside) ? inside : undefined
}
