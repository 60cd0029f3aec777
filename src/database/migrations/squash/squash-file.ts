/** @module The file of a squash: a migration that names what it stands for, in the place of the last of them. */
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { FolderNotWritableError } from '../files/errors.ts'
import type { MigrationFiles } from '../files/migration-files.ts'
import { migrationSource } from '../files/migration-source.ts'
import { wordsOf } from '../files/migration-writer.ts'
import { SquashError } from './errors.ts'

export interface SquashFile {
  readonly name: string
  readonly file: string
}

/**
 * Writes it with the time or the version of the last migration it replaces: those after it stay after it. Nothing is overwritten.
 *
 * @param down undefined where it cannot be taken back
 * @throws {SquashError} when that name is taken
 * @throws {FolderNotWritableError}
 */
export function writeSquash(
  { folder, naming }: MigrationFiles,
  message: string,
  replaces: readonly string[],
  up: readonly string[],
  down: readonly string[] | undefined,
): SquashFile {
  const words = wordsOf(message)
  const name = naming.squashName(replaces.at(-1) ?? '', words)
  if (replaces.includes(name))
    throw new SquashError(`${name} is one of those it would replace.`, 'Give another --message.')
  const irreversible = down ? {} : { irreversible: 'it stands for migrations of an older release.' }
  const source = migrationSource(words, { up, down: down ?? [], warnings: [], ...irreversible }, replaces)
  const file = path.join(folder, `${name}.ts`)
  try {
    writeFileSync(file, source, { flag: 'wx' })
  } catch (error) {
    throw new FolderNotWritableError(folder, error)
  }
  return { name, file }
}

/** Removes the files of migrations. @throws {FolderNotWritableError} */
export function removeMigrations(folder: string, names: readonly string[]): void {
  try {
    for (const file of readdirSync(folder))
      if (/\.(ts|js)$/.test(file) && names.includes(file.slice(0, -3))) rmSync(path.join(folder, file))
  } catch (error) {
    throw new FolderNotWritableError(folder, error)
  }
}
