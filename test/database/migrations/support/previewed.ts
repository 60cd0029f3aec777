/** @module An application with migrations on a database of any kind, and what `limber db sql` says about them. */
import type { Driver } from 'limber/database'
import { commandsIn, succeed, tempFolder, write } from '../../support/library-application.ts'

export interface Steps {
  readonly up: readonly (string | readonly [sql: string, parameters: readonly unknown[]])[]
  readonly down?: readonly string[]
  /** Code that runs before the statements of `up`. */
  readonly first?: string
}

interface Previewed {
  readonly migrations: readonly {
    readonly name: string
    readonly hazards: readonly {
      kind: string
      table?: string
      column?: string
      what: string
      safer?: string
    }[]
    readonly statements: readonly { sql: string; parameters: unknown[]; text: string }[]
  }[]
}

const NUMBER = 20260101000000

/** The name of a migration by its place. */
export const nameOf = (place: number) => `${NUMBER + place}_step`

export async function openMigrations(driver: Driver, steps: readonly Steps[]) {
  const root = tempFolder()
  write(root, {})
  const test = await commandsIn({ root, driver })
  await test.app.ready(['db'])
  const connection = test.app.make('db.connection')
  const add = (...more: readonly Steps[]) => {
    for (const step of more) write(root, { [`database/migrations/${nameOf(++count)}.ts`]: fileOf(step) })
  }
  let count = 0
  add(...steps)
  const preview = async (...options: string[]): Promise<Previewed> => {
    // The command has just written it.
    return JSON.parse(await succeed(test, 'db', 'sql', '--json', ...options)) as Previewed
  }
  return {
    root,
    test,
    connection,
    add,
    preview,
    sql: (...options: string[]) => succeed(test, 'db', 'sql', ...options),
    /** Each hazard in two words. */
    async hazards(...options: string[]): Promise<string[]> {
      const { migrations } = await preview(...options)
      return migrations.flatMap(({ hazards }) =>
        hazards.map(({ kind, table, column }) =>
          [kind, [table, column].filter(Boolean).join('.')].join(' ').trim(),
        ),
      )
    },
  }
}

function fileOf({ up, down, first = '' }: Steps): string {
  const body = (statements: Steps['up']) =>
    statements.map((statement) => {
      const [sql, parameters = []] = typeof statement === 'string' ? [statement] : statement
      return `    await this.execute(${JSON.stringify(sql)}, ${JSON.stringify(parameters)})`
    })
  const taken = down ? ['  override async down() {', ...body(down), '  }'] : []
  return [
    "import { Migration } from 'limber/database'",
    'export class Step extends Migration {',
    '  override async up() {',
    `    ${first}`,
    ...body(up),
    '  }',
    ...taken,
    '}',
    '',
  ].join('\n')
}
