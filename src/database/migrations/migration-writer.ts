/** @module Writes a migration file from a message and the statements it runs. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { FolderNotWritableError } from './errors.ts'
import type { SchemaDiff } from './schema-diff.ts'

/**
 * Writes the file and gives its path. Nothing is overwritten.
 *
 * @throws {FolderNotWritableError}
 */
export function writeMigration(folder: string, message: string, diff: SchemaDiff, now = new Date()): string {
  const words = wordsOf(message)
  let time = now
  while (existsSync(fileFor(folder, time, words))) time = new Date(time.getTime() + 1_000)
  const file = fileFor(folder, time, words)
  try {
    mkdirSync(folder, { recursive: true })
    writeFileSync(file, source(className(words), diff), { flag: 'wx' })
  } catch (error) {
    throw new FolderNotWritableError(folder, error)
  }
  return file
}

/** Whether a message holds at least one letter or digit to name a file with. */
export function namesMigration(message: string): boolean {
  return wordsOf(message).length > 0
}

function wordsOf(message: string): string[] {
  return message
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
    .slice(0, 12)
}

function fileFor(folder: string, time: Date, words: readonly string[]): string {
  const stamp = time.toISOString().replace(/\D/g, '').slice(0, 14)
  return path.join(folder, `${stamp}_${words.join('_')}.ts`)
}

function className(words: readonly string[]): string {
  const name = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
  return /^\d/.test(name) ? `Migration${name}` : name
}

function source(name: string, diff: SchemaDiff): string {
  return `import { Migration } from 'limber/database'

export class ${name} extends Migration {
  override async up() {
${body(diff.up)}
  }

  override async down() {
${body(diff.down)}
  }
}
`
}

function body(statements: readonly string[]): string {
  if (statements.length === 0) return '    // Nothing to do.'
  return statements.map((statement) => `    await this.execute(${quote(statement)})`).join('\n')
}

function quote(statement: string): string {
  if (!statement.includes("'") && !statement.includes('\n')) return `'${statement.replaceAll('\\', '\\\\')}'`
  if (!statement.includes('"') && !statement.includes('\n')) return `"${statement.replaceAll('\\', '\\\\')}"`
  return `\`${statement.replace(/[\\`]|\$\{/g, '\\$&')}\``
}
