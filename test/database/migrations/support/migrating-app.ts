/** @module An application in a folder of its own, whose migrations are run by processes of the real binary. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect } from 'vitest'
import { appFolder, write } from '../../../support/app-folder.ts'
import { type Ended, type RunningLimber, type RunOptions, startLimber } from '../../../support/run-limber.ts'

export interface MigratingAppOptions {
  readonly url: string
  /** The text of each migration by its name. */
  readonly migrations?: Readonly<Record<string, string>>
  /** The text of each model by the name of its file. */
  readonly models?: Readonly<Record<string, string>>
  /** What stands in place of the driver that the URL gives. */
  readonly driver?: string
  readonly files?: Readonly<Record<string, string>>
}

type ProcessOptions = Omit<RunOptions, 'cwd'>

export class MigratingApp {
  readonly root: string
  readonly #url: string

  constructor({ url, migrations = {}, models = {}, driver, files = {} }: MigratingAppOptions) {
    this.#url = url
    this.root = appFolder({
      'package.json': '{ "type": "module" }',
      'config/app.ts': appConfig(Object.keys(models)),
      'config/database.ts': databaseConfig(driver),
      ...inFolder('app/models', models),
      ...inFolder('database/migrations', migrations),
      ...files,
    })
  }

  /** Writes further files, or others in their place. */
  write(files: Readonly<Record<string, string>>): void {
    write(this.root, files)
  }

  start(argv: readonly string[], { env, ...options }: ProcessOptions = {}): RunningLimber {
    const ours = { DATABASE_URL: this.#url, ...env }
    return startLimber(argv, { ...options, cwd: this.root, env: ours })
  }

  run(argv: readonly string[], options?: ProcessOptions): Promise<Ended> {
    return this.start(argv, options).ended
  }

  /** Runs a command that has to succeed, and gives what it said. */
  async succeed(argv: readonly string[], options?: ProcessOptions): Promise<string> {
    const { code, stdout, stderr } = await this.run(argv, options)
    expect(code, `limber ${argv.join(' ')}:\n${stdout}${stderr}`).toBe(0)
    return stdout
  }

  get folder(): string {
    return path.join(this.root, 'database/migrations')
  }

  /** The names of the migrations that have a file. */
  migrations(): string[] {
    const files = existsSync(this.folder) ? readdirSync(this.folder) : []
    return files.filter((file) => file.endsWith('.ts')).sort()
  }

  /** Everything in the folder `database`, with its content. */
  source(): Record<string, string> {
    const folder = path.join(this.root, 'database')
    if (!existsSync(folder)) return {}
    const files = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
    return Object.fromEntries(files.sort().map((file) => [file, readFileSync(file, 'utf8')]))
  }
}

function inFolder(folder: string, texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [`${folder}/${name}.ts`, text]))
}

function appConfig(models: readonly string[]): string {
  const list = models.map((name) => `() => import('../app/models/${name}.ts')`).join(', ')
  return `
import { defineApp } from 'limber'
import { DatabaseServiceProvider } from 'limber/database'
export default defineApp({ name: 'migrating', providers: [DatabaseServiceProvider], models: [${list}] })
`
}

function databaseConfig(driver = 'fromUrl(url)'): string {
  return `
import { writeFileSync } from 'node:fs'
import { env } from 'limber'
import { defineDatabase, fromUrl } from 'limber/database'
import { mysql } from 'limber/database/mysql'
import { postgres } from 'limber/database/postgres'

const url = env.string('DATABASE_URL')
const markers = process.env.LIMBER_TEST_MARKERS
// Says that this process has begun.
if (markers) writeFileSync(\`\${markers}/begun-\${process.pid}\`, '')
export default defineDatabase({ default: 'main', connections: { main: ${driver} } })
`
}

/** The text of a migration. */
export function migration(name: string, up: string, { down = '', members = '' } = {}): string {
  return `import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { Migration } from 'limber/database'

const markers = process.env.LIMBER_TEST_MARKERS

export class ${name} extends Migration {
  ${members}
  override async up() {
    ${up}
  }
  ${down && `override async down() {\n    ${down}\n  }`}
}
`
}

/** The lines that run statements, one after the other. */
export function run(...statements: readonly string[]): string {
  return statements.map((statement) => `await this.execute(${JSON.stringify(statement)})`).join('\n    ')
}
