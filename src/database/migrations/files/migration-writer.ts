/** @module Writes a migration file from a message and the statements it runs. */
import { readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { makeFolder } from '../../connections/make-folder.ts'
import { FolderNotWritableError } from './errors.ts'
import { type MigrationContent, migrationSource } from './migration-source.ts'

/** File systems and the ledger have room for 255 characters. */
const LONGEST_NAME = 100

/**
 * Writes the file and gives its path. Nothing is overwritten.
 *
 * @param version what it is called, where migrations are called after versions
 * @throws {FolderNotWritableError}
 */
export function writeMigration(
  folder: string,
  message: string,
  content: MigrationContent,
  version?: string,
): string {
  const words = wordsOf(message)
  let file = folder
  try {
    makeFolder(folder)
    const name = version ?? `${stampAfter(readdirSync(folder))}_${words.join('_')}`
    file = path.join(folder, `${name}.ts`)
    writeFileSync(file, migrationSource(words, content), { flag: 'wx' })
  } catch (error) {
    throw new FolderNotWritableError(folder, error)
  }
  return file
}

/** Whether a message holds at least one letter or digit to name a file with. */
export function namesMigration(message: string): boolean {
  return wordsOf(message).length > 0
}

/** What a file and its class are called after. */
export function wordsOf(message: string): string[] {
  return message
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .slice(0, LONGEST_NAME)
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
}

/** The time as the names begin with it, but later than every migration there is: they run in the order of their names. */
function stampAfter(files: readonly string[], now = new Date()): string {
  const stamps = files.flatMap((file) => /^\d{14}(?=_)/.exec(file)?.[0] ?? [])
  const last = stamps.sort().at(-1)
  if (last === undefined || last < stampOf(now)) return stampOf(now)
  // Whoever wrote it by hand may have written a day that no month has.
  return String(BigInt(last) + 1n)
}

function stampOf(time: Date): string {
  return time.toISOString().replace(/\D/g, '').slice(0, 14)
}
