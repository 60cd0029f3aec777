/** @module An application folder on each kind of database, run in this process or in others, with eyes that share nothing with it. */
import { cpSync, existsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Driver } from 'limber/database'
import { mysql } from 'limber/database/mysql'
import { postgres } from 'limber/database/postgres'
import { sqlite } from 'limber/database/sqlite'
import type { CommandResult, TestApplication } from 'limber/testing'
import { type RunningLimber, startLimber } from '../../support/run-limber.ts'
import { bootLibrary, commandsIn, tempFolder, write } from '../support/library-application.ts'
import { emptyDatabase, isThere, MARIADB, POSTGRES, type Server } from '../support/servers.ts'

export interface Place {
  readonly root: string
  readonly dialect: Driver['dialect']
  /** Writes migrations, by their names. */
  write(migrations: Readonly<Record<string, string>>): void
  /** Opens the application in this process, with what else stands in its `config/database.ts`. */
  open(database?: Readonly<Record<string, unknown>>): Promise<TestApplication>
  /** Runs a command in this process, on the files as they are now. */
  run(...argv: string[]): Promise<CommandResult>
  /** Runs a command in a process of its own. */
  start(...argv: string[]): RunningLimber
  /** Asks the database on another connection. */
  rows(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>
  /** What the migration of `waiting()` waits for. */
  letGo(): void
}

export interface PlaceKind {
  readonly title: string
  create(pool?: number): Promise<Place>
}

/** SQLite, and of the servers those that are there. */
export async function places(): Promise<PlaceKind[]> {
  const kinds: PlaceKind[] = [{ title: 'SQLite', create: onSqlite }]
  for (const server of [POSTGRES, MARIADB]) {
    if (await isThere(server)) kinds.push({ title: server.title, create: (pool) => onServer(server, pool) })
  }
  return kinds
}

async function onSqlite(): Promise<Place> {
  const root = tempFolder()
  const file = path.join(root, 'place.sqlite')
  const text = `import { sqlite } from 'limber/database/sqlite'\nconst main = sqlite({ file: 'place.sqlite' })`
  return placeOn(root, text, sqlite({ file }))
}

async function onServer(server: Server, pool = 4): Promise<Place> {
  const url = new URL(server.url)
  url.pathname = `/${await emptyDatabase(server)}`
  const address = { url: url.href, pool: { max: pool } }
  const [name, make] =
    server.title === POSTGRES.title ? (['postgres', postgres] as const) : (['mysql', mysql] as const)
  const text = `import { ${name} } from 'limber/database/${name}'\nconst main = ${name}(${JSON.stringify(address)})`
  return placeOn(tempFolder(), text, make(address))
}

async function placeOn(root: string, main: string, driver: Driver): Promise<Place> {
  write(root, {
    'package.json': '{ "name": "place", "type": "module" }',
    'config/app.ts': `import { defineApp } from 'limber'
import { DatabaseServiceProvider } from 'limber/database'
export default defineApp({ name: 'place', providers: [DatabaseServiceProvider] })
`,
    'config/database.ts': `import { defineDatabase } from 'limber/database'
${main}
export default defineDatabase({ default: 'main', connections: { main } })
`,
  })
  const { app } = await bootLibrary({ root, driver, models: [] })
  await app.ready(['db'])
  return {
    root,
    dialect: driver.dialect,
    write: (migrations) =>
      write(
        root,
        Object.fromEntries(
          Object.entries(migrations).map(([name, text]) => [`database/migrations/${name}.ts`, text]),
        ),
      ),
    open: (database) => commandsIn({ root, driver, database }),
    async run(...argv) {
      // A file is imported once: one that was changed needs another path.
      const copy = tempFolder()
      cpSync(root, copy, { recursive: true, filter: (file) => !file.includes('.sqlite') })
      return (await commandsIn({ root: copy, driver })).run(...argv)
    },
    start: (...argv) => startLimber(argv, { cwd: root }),
    rows: (sql) => app.make('db.connection').execute(sql),
    letGo: () => writeFileSync(path.join(root, 'go'), ''),
  }
}

/** The source of a migration; its methods are given as statements in TypeScript. */
export function migration(name: string, up: string, more = ''): string {
  return `import { Migration } from 'limber/database'
import { holdUp } from '../../hold-up.ts'

export class ${name} extends Migration {
  ${more}
  override async up() {
    ${up}
  }
}
`.replace(/import \{ holdUp.*\n/, (line) => (up.includes('holdUp') ? line : ''))
}

export const execute = (...statements: string[]) =>
  statements.map((sql) => `await this.execute(${JSON.stringify(sql)})`).join('\n    ')

export const APART = 'static override transaction = false'

/** Gives migrations a function that says that it is reached, and waits for `letGo()`; after that it waits no more. */
export function writeHoldUp({ root }: Place): void {
  write(root, {
    'hold-up.ts': `import { existsSync, watch, writeFileSync } from 'node:fs'
import { once } from 'node:events'

export async function holdUp(): Promise<void> {
  const watcher = watch(import.meta.dirname)
  console.log('held up')
  while (!existsSync(import.meta.dirname + '/go')) await once(watcher, 'change')
  watcher.close()
}
`,
  })
  if (existsSync(path.join(root, 'go'))) throw new Error('nothing would be held up')
}
