/** @module A project whose models change, with the database that its migrations make and one made from the models. */
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { type Connection, DatabaseServiceProvider, type Driver } from 'limber/database'
import { createTestApplication, type TestApplication } from 'limber/testing'
import { tempFolder, write } from '../../support/library-application.ts'
import { empty, type HistoryDatabase, observe } from './databases.ts'
import type { State } from './description.ts'
import { modelsOf } from './models.ts'
import { schemaText } from './schema-text.ts'

export class World {
  readonly actual: Connection
  readonly #made: Connection
  readonly #driver: Driver
  #root = ''

  private constructor(actual: Connection, made: Connection, driver: Driver) {
    this.actual = actual
    this.#made = made
    this.#driver = driver
  }

  static async open({ create }: HistoryDatabase): Promise<World> {
    const driver = await create()
    return new World(await observe(driver), await observe(await create()), driver)
  }

  /** An empty database, and no migrations. */
  async begin(): Promise<void> {
    if (this.#root) rmSync(this.#root, { recursive: true })
    this.#root = tempFolder()
    mkdirSync(path.join(this.#root, 'config'))
    write(this.#root, {})
    await empty(this.actual)
  }

  /** The application with these models; it is stopped afterwards. */
  async with<T>(state: State, work: (steps: Steps) => Promise<T>): Promise<T> {
    const models = modelsOf(state)
    const config = {
      app: { name: 'history', models, providers: [DatabaseServiceProvider] },
      database: { default: 'main', connections: { main: this.#driver } },
    }
    await using test = await createTestApplication({ root: this.#root, config, database: 'configured' })
    return await work(new Steps(test))
  }

  /** What the database says of itself. */
  schema(): Promise<string[]> {
    return schemaText(this.actual)
  }

  /** What a database that is made from the models at once says of itself. */
  async schemaOf(state: State, steps: Steps): Promise<string[]> {
    const statements = await steps.creating(state)
    await empty(this.#made, statements)
    return schemaText(this.#made)
  }

  writeMigration(name: string, statements: readonly string[]): void {
    const calls = statements.map((statement) => `    await this.execute(${JSON.stringify(statement)})`)
    const text = `import { Migration } from 'limber/database'

export class Begin extends Migration {
  override async up() {
${calls.join('\n')}
  }
}
`
    write(this.#root, { [`database/migrations/20260101000000_${name}.ts`]: text })
  }

  latestMigration(): string {
    const folder = path.join(this.#root, 'database/migrations')
    const last = readdirSync(folder)
      .filter((name) => name.endsWith('_change.ts'))
      .sort()
      .at(-1)
    return last ? readFileSync(path.join(folder, last), 'utf8') : ''
  }
}

/** What one application does. */
class Steps {
  readonly #test: TestApplication

  constructor(test: TestApplication) {
    this.#test = test
  }

  async run(...argv: string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await this.#test.run('db', ...argv)
    if (exitCode !== 0) throw new Error(`limber db ${argv.join(' ')} gave ${exitCode}: ${stderr}`)
    return stdout
  }

  /** The statements that would be written now. */
  async pending(...argv: string[]): Promise<string[]> {
    const said: unknown = JSON.parse(
      await this.run('makemigrations', '-m', 'again', '--dry-run', '--json', ...argv),
    )
    const up: unknown = Reflect.get(Object(said), 'up')
    if (!Array.isArray(up)) throw new Error(`No statements in ${JSON.stringify(said)}`)
    return up.map(String)
  }

  async creating({ tables }: State): Promise<string[]> {
    await this.#test.app.ready(['db'])
    const { schema, driver } = this.#test.make('db.connection')
    let sql = await schema.getCreateSchemaSQL({ wrap: false })
    // The ORM leaves quotes in a default as they are, which is not what is looked at here.
    for (const { default: text } of tables.flatMap(({ columns }) => columns)) {
      if (typeof text !== 'string') continue
      const plain = text.replaceAll("'", "''")
      sql = sql.replaceAll(
        `default '${text}'`,
        `default '${driver.dialect === 'mysql' ? plain.replaceAll('\\', '\\\\') : plain}'`,
      )
    }
    const statements = sql.split(/;\n/).map((statement) => statement.trim())
    const written = statements.filter((statement) => statement !== '')
    return driver.dialect === 'mysql' ? inFewer(written) : written
  }
}

/** Each statement that changes a table takes its time there: keys are written with their table. */
function inFewer(statements: readonly string[]): string[] {
  const clauses = Map.groupBy(statements, (sql) => /^alter table (`\w+`) add /.exec(sql)?.[1])
  return (clauses.get(undefined) ?? []).map((sql) => {
    const table = /^create table (`\w+`)/.exec(sql)?.[1]
    const more = table === undefined ? [] : (clauses.get(table) ?? [])
    const keys = more.map((alter) => alter.replace(/^alter table `\w+` add /, ', ').replace(/;$/, ''))
    return sql.replace(/\) default character set /, () => `${keys.join('')}) default character set `)
  })
}

export type { Steps }
