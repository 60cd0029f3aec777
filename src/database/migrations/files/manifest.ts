/** @module The checksums of migrations beside what was compiled of them: a build has no sources. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { messageOf } from '../../../support/message-of.ts'
import { FolderNotWritableError, ManifestError } from './errors.ts'

export const MANIFEST_FILE = 'manifest.json'

export type Checksums = Readonly<Record<string, string>>

/** @throws {ManifestError} when it is there and cannot be read */
export function readManifest(folder: string): Checksums | undefined {
  const file = path.join(folder, MANIFEST_FILE)
  if (!existsSync(file)) return undefined
  try {
    const read: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (isChecksums(read)) return read
  } catch (error) {
    throw new ManifestError(file, messageOf(error), error)
  }
  throw new ManifestError(file, 'it is no list of names and checksums.')
}

/**
 * Writes it in the order of the migrations, and gives its path.
 *
 * @throws {FolderNotWritableError}
 */
export function writeManifest(folder: string, checksums: Checksums): string {
  const file = path.join(folder, MANIFEST_FILE)
  try {
    mkdirSync(folder, { recursive: true })
    writeFileSync(file, `${JSON.stringify(checksums, null, 2)}\n`)
  } catch (error) {
    throw new FolderNotWritableError(folder, error)
  }
  return file
}

function isChecksums(value: unknown): value is Checksums {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.values(value).every((checksum) => typeof checksum === 'string')
}
