/** @module Writes a migration file from a message and the statements it runs. */
import { readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { makeFolder } from '../../connections/make-folder.ts'
import { FolderNotWritableError } from '../errors.ts'
import type { SchemaDiff } from '../schema/rehearsal.ts'

/** The statements of a migration, or what somebody is going to fill in. */
export type MigrationContent = SchemaDiff | 'empty' | 'data'

const EMPTY: SchemaDiff = { up: [], down: [], warnings: [] }
const LINE_WIDTH = 110
/** File systems and the ledger have room for 255 characters. */
const LONGEST_NAME = 100

/**
 * Writes the file and gives its path. Nothing is overwritten.
 *
 * @throws {FolderNotWritableError}
 */
export function writeMigration(
  folder: string,
  message: string,
  content: MigrationContent,
  now = new Date(),
): string {
  const words = wordsOf(message)
  let file = folder
  try {
    makeFolder(folder)
    file = path.join(folder, `${stampAfter(readdirSync(folder), now)}_${words.join('_')}.ts`)
    writeFileSync(file, sourceOf(className(words), content), { flag: 'wx' })
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
    .slice(0, LONGEST_NAME)
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
}

/** The time as the names begin with it, but later than every migration there is: they run in the order of their names. */
function stampAfter(files: readonly string[], now: Date): string {
  const stamps = files.flatMap((file) => /^\d{14}(?=_)/.exec(file)?.[0] ?? [])
  const last = stamps.sort().at(-1)
  if (last === undefined || last < stampOf(now)) return stampOf(now)
  // Whoever wrote it by hand may have written a day that no month has.
  return String(BigInt(last) + 1n)
}

function stampOf(time: Date): string {
  return time.toISOString().replace(/\D/g, '').slice(0, 14)
}

function className(words: readonly string[]): string {
  const name = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
  return /^\d|^Migration$/.test(name) ? `Migration${name}` : name
}

function sourceOf(name: string, content: MigrationContent): string {
  if (content === 'data') return dataSource(name)
  return source(name, content === 'empty' ? EMPTY : content)
}

/** Each batch is a transaction of its own, and what was done is known when it is run again. */
function dataSource(name: string): string {
  return `import { Migration } from 'limber/database'

export class ${name} extends Migration {
  static override transaction = false

  override async up() {
    await this.batches({ table: 'table_name', key: 'id' }, async (rows) => {
      for (const { id } of rows) {
        await this.execute('update table_name set column_name = ? where id = ?', [null, id])
      }
    })
  }

  override async down() {
${body([])}
  }
}
`
}

function source(name: string, diff: SchemaDiff): string {
  const imports = diff.irreversible ? 'IrreversibleMigrationError, Migration' : 'Migration'
  return `import { ${imports} } from 'limber/database'

${diff.warnings.map((warning) => comment(warning)).join('')}export class ${name} extends Migration {
  override async up() {
${body(diff.up)}
  }

  override async down() {
${diff.irreversible ? refusal(name, diff.irreversible) : body(diff.down)}
  }
}
`
}

function refusal(name: string, reason: string): string {
  return `    throw new IrreversibleMigrationError(${quote(name)}, ${quote(reason)})`
}

/** Lines of a comment, which nothing in the text can end. */
function comment(text: string): string {
  const lines = [...text.replace(/\s+/g, ' ').matchAll(/.{1,100}(?: |$)/g)].map(([line]) => line.trim())
  return lines.map((line) => `// ${line}\n`).join('')
}

function body(statements: readonly string[]): string {
  if (statements.length === 0) return '    // Nothing to do.'
  return statements.map((statement) => call(quote(statement))).join('\n')
}

/** Broken the way the formatter of a new application breaks it. */
function call(argument: string): string {
  const line = `    await this.execute(${argument})`
  return line.length <= LINE_WIDTH ? line : `    await this.execute(\n      ${argument},\n    )`
}

/** In the quotes that need fewer escapes, single ones when in doubt. */
function quote(statement: string): string {
  const count = (quote: string) => statement.split(quote).length
  const mark = count("'") > count('"') ? '"' : "'"
  const escaped = statement.replaceAll('\\', '\\\\').replaceAll(mark, `\\${mark}`)
  return `${mark}${escaped.replaceAll('\r', '\\r').replaceAll('\n', '\\n')}${mark}`
}
