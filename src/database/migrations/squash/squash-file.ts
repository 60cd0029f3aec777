/** @module The file of a squash: a migration that names what it stands for, in the place of the last of them. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { FolderNotWritableError } from '../errors.ts'
import { writeMigration } from '../files/migration-writer.ts'
import { SquashError } from './errors.ts'

const STAMP_LENGTH = 14
const LINE_WIDTH = 110

export interface SquashSource {
  readonly name: string
  readonly text: string
}

/**
 * Writes down what the file would say. It has the time of the last migration it replaces: those after it stay after it.
 *
 * @throws {SquashError} when that name is taken
 */
export function squashSource(
  message: string,
  replaces: readonly string[],
  up: readonly string[],
  down: readonly string[] | undefined,
): SquashSource {
  const irreversible = down ? {} : { irreversible: 'it stands for migrations of an older release.' }
  const source = writtenElsewhere(message, { up, down: down ?? [], warnings: [], ...irreversible })
  const name = `${replaces.at(-1)?.slice(0, STAMP_LENGTH)}${source.name.slice(STAMP_LENGTH)}`
  if (replaces.includes(name))
    throw new SquashError(`${name} is one of those it would replace.`, 'Give another --message.')
  const text = source.text.replace(
    / extends Migration \{\n/,
    (start) => `${start}${replacesLine(replaces)}\n\n`,
  )
  return { name, text }
}

/** Broken the way the formatter of a new application breaks it. */
function replacesLine(replaces: readonly string[]): string {
  const names = replaces.map((name) => `'${name}'`)
  const line = `  static override readonly replaces = [${names.join(', ')}]`
  if (line.length <= LINE_WIDTH) return line
  return `  static override readonly replaces = [\n${names.map((name) => `    ${name},\n`).join('')}  ]`
}

/** Nothing is overwritten. @throws {FolderNotWritableError} */
export function writeSquash(folder: string, { name, text }: SquashSource): string {
  const file = path.join(folder, `${name}.ts`)
  try {
    writeFileSync(file, text, { flag: 'wx' })
  } catch (error) {
    throw new FolderNotWritableError(folder, error)
  }
  return file
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

/** The writer of migrations chooses names for their folder; here the name is given by what is replaced. */
function writtenElsewhere(message: string, diff: Parameters<typeof writeMigration>[2]): SquashSource {
  const folder = mkdtempSync(path.join(tmpdir(), 'limber-squash-'))
  try {
    const file = writeMigration(folder, message, diff)
    return { name: path.parse(file).name, text: readFileSync(file, 'utf8') }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
