/** @module The text of a migration file: one class, written as the formatter of a new application would write it. */
import type { SchemaDiff } from '../schema/rehearsal.ts'

/** The statements of a migration, or what somebody is going to fill in. */
export type MigrationContent = SchemaDiff | 'empty' | 'data'

const EMPTY: SchemaDiff = { up: [], down: [], warnings: [] }
const LINE_WIDTH = 110

/**
 * @param words of its message, which its class is called after
 * @param replaces the migrations that it stands for
 */
export function migrationSource(
  words: readonly string[],
  content: MigrationContent,
  replaces: readonly string[] = [],
): string {
  const name = className(words)
  if (content === 'data') return dataSource(name)
  return source(name, content === 'empty' ? EMPTY : content, replaces)
}

function className(words: readonly string[]): string {
  const name = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
  return /^\d|^Migration$/.test(name) ? `Migration${name}` : name
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

function source(name: string, diff: SchemaDiff, replaces: readonly string[]): string {
  const imports = diff.irreversible ? 'IrreversibleMigrationError, Migration' : 'Migration'
  return `import { ${imports} } from 'limber/database'

${diff.warnings.map((warning) => comment(warning)).join('')}export class ${name} extends Migration {
${replacesLine(replaces)}  override async up() {
${body(diff.up)}
  }

  override async down() {
${diff.irreversible ? refusal(name, diff.irreversible) : body(diff.down)}
  }
}
`
}

function replacesLine(replaces: readonly string[]): string {
  if (replaces.length === 0) return ''
  const names = replaces.map((name) => `'${name}'`)
  const line = `  static override readonly replaces = [${names.join(', ')}]`
  if (line.length <= LINE_WIDTH) return `${line}\n\n`
  return `  static override readonly replaces = [\n${names.map((name) => `    ${name},\n`).join('')}  ]\n\n`
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
