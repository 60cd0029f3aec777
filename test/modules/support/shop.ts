/** @module An application with the module "shop" 1.0.0, and newer versions of it to update to. */
import { createHash } from 'node:crypto'
import { cpSync, existsSync, globSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { EnabledModules } from 'limber/modules'
import { createTestApplication } from 'limber/testing'
import { expect } from 'vitest'
import { sqliteFile } from '../../database/migrations/support/own-databases.ts'
import { appFolder, emptyFolder, write } from '../../support/app-folder.ts'

export const FIRST = `
  create table customer (id integer primary key autoincrement, name text not null, deleted_at text null);
  create table purchase (id integer primary key autoincrement, customer_id integer not null
    references customer (id), what text not null);`

const MORE: Readonly<Record<string, string>> = {
  '1.1.0':
    'alter table customer add column points integer not null default 0; update customer set points = 7;',
  '1.2.0':
    'create table coupon (id integer primary key, code text not null); update customer set points = points + 1;',
  '1.3.0': "insert into coupon (id, code) values (1, 'TEN');",
}

export const ROWS = `
  insert into customer (id, name, deleted_at) values (1, 'Ada', null), (2, 'Bob', '2026-01-01'), (40, 'Cleo', null);
  insert into purchase (customer_id, what) values (1, 'a book'), (2, 'a pen');
  delete from customer where id = 40;`

export function migration(version: string, sql: string): string {
  const statements = sql
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
    .map((statement) => `    await this.execute(${JSON.stringify(statement)})`)
  return `import { Migration } from 'limber/database'
export class Version${version.replaceAll('.', '')} extends Migration {
  override async up() {\n${statements.join('\n')}\n  }\n  override async down() {}\n}\n`
}

export interface Version {
  readonly version?: string
  readonly name?: string
  readonly permissions?: string
  readonly more?: string
  /** In place of what migrates to this version: SQL. */
  readonly failing?: string
  readonly files?: Readonly<Record<string, string>>
}

/** The files of the module at a version. */
export function shopFiles({
  version = '1.0.0',
  name = 'shop',
  permissions = '[use_db]',
  more = '',
  failing,
  files = {},
}: Version = {}): Record<string, string> {
  const made: Record<string, string> = {
    'module.yaml': `name: ${name}\nversion: ${version}\ndescription: Sells things.\nauthor: Ada\npermissions: ${permissions}\n${more}`,
    'readme.md': `${name} ${version}\n`,
    'migrations/1.0.0.ts': migration('1.0.0', FIRST),
    ...files,
  }
  for (const [each, sql] of Object.entries(MORE)) {
    if (each > version || !/^\d/.test(version)) continue
    made[`migrations/${each}.ts`] = migration(each, each === '1.2.0' && failing ? failing : sql)
  }
  return made
}

/** A folder with the files of a version. */
export function shopFolder(version?: Version): string {
  const folder = emptyFolder()
  write(folder, shopFiles(version))
  return folder
}

const APPLICATION = {
  'package.json': '{ "type": "module" }',
  'config/app.ts': `
    import { defineApp } from 'limber'
    import { DatabaseServiceProvider } from 'limber/database'
    import { ModulesServiceProvider } from 'limber/modules'
    export default defineApp({
      name: 'shops',
      providers: [DatabaseServiceProvider, ModulesServiceProvider],
      modules: ['modules/*'],
    })`,
  'config/database.ts': `
    import { defineDatabase } from 'limber/database'
    import { sqlite } from 'limber/database/sqlite'
    export default defineDatabase({ default: 'main', connections: { main: sqlite({ file: 'storage/app.sqlite' }) } })`,
  'config/modules.ts': `
    import { defineModules } from 'limber/modules'
    export default defineModules({})`,
}

/** An application in which the modules are there, and none is enabled. */
export function applicationWith(modules: Readonly<Record<string, Version>>, files = {}): ShopApplication {
  const root = appFolder({ ...APPLICATION, ...files })
  for (const [name, version] of Object.entries(modules)) {
    write(path.join(root, 'modules', name), shopFiles({ name, ...version }))
  }
  return new ShopApplication(root)
}

/** An application whose shop is enabled, and has rows, as version 1.0.0 has left them. */
export async function openShop(version: Version = {}): Promise<ShopApplication> {
  const shop = applicationWith({ shop: version })
  const permissions = ['use_db']
  await new EnabledModules(shop.storage).set('shop', { permissions, version: version.version ?? '1.0.0' })
  const ledger = `create table limber_migrations (name varchar(255) not null primary key, batch integer not null,
    applied_at varchar(30) not null, checksum varchar(64) null);
    insert into limber_migrations (name, batch, applied_at) values ('1.0.0', 1, '2026-01-01T00:00:00.000Z')`
  for (const statement of `${FIRST};${ledger};${ROWS}`.split(';')) {
    if (statement.trim() !== '') await shop.ask(statement)
  }
  return shop
}

export class ShopApplication {
  readonly root: string
  readonly folder: string
  readonly storage: string
  readonly database: string

  constructor(root: string) {
    this.root = root
    this.folder = path.join(root, 'modules/shop')
    this.storage = path.join(root, 'storage/modules')
    this.database = path.join(this.storage, 'shop.sqlite')
  }

  /** In this process. */
  async run(...argv: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    await using test = await createTestApplication({ root: this.root, database: 'configured' })
    const { exitCode, ...said } = await test.run(...argv)
    return { code: exitCode, ...said }
  }

  async succeed(...argv: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(...argv)
    expect(code, `limber ${argv.join(' ')}: ${stdout}${stderr}`).toBe(0)
    return stdout
  }

  update(from: string, ...options: readonly string[]) {
    return this.run('module', 'update', 'shop', '--from', from, ...options)
  }

  /** Everything in the database, in an order of its own. */
  async dump(): Promise<unknown> {
    const schema = await this.ask('select name, sql from sqlite_master order by name')
    const tables = schema.filter(({ sql }) => String(sql).startsWith('CREATE TABLE'))
    const rows = tables.map(async ({ name }) => [
      name,
      (await this.ask(`select * from "${name}" order by 1`)).map(timeless),
    ])
    return { schema, rows: await Promise.all(rows) }
  }

  ask(statement: string) {
    return sqliteFile(this.database).ask(statement)
  }

  /** Every file of the module and what is in it. */
  code(): Record<string, string> {
    return filesIn(this.folder)
  }

  enabled(): unknown {
    const file = path.join(this.storage, 'modules.json')
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).modules.shop : undefined
  }

  /** What is beside the module, in the journal and among the copies. */
  leftovers(): string[] {
    const beside = globSync('modules/.*', { cwd: this.root })
    return [...beside, ...globSync('storage/modules/updates/*', { cwd: this.root })]
  }

  backups(): string[] {
    return globSync('backups/shop/*', { cwd: this.storage }).sort()
  }

  /** The same, in a folder of its own. */
  copy(): ShopApplication {
    const root = emptyFolder()
    cpSync(this.root, root, { recursive: true, verbatimSymlinks: true })
    return new ShopApplication(root)
  }
}

export function filesIn(folder: string): Record<string, string> {
  const files = globSync('**/*', { cwd: folder }).filter((name) => statSync(path.join(folder, name)).isFile())
  const hash = (name: string) =>
    createHash('sha256')
      .update(readFileSync(path.join(folder, name)))
      .digest('hex')
  return Object.fromEntries(files.sort().map((name) => [name, hash(name)]))
}

/** When a migration was applied is another time in each run. */
function timeless({ applied_at: _, ...row }: Readonly<Record<string, unknown>>): unknown {
  return row
}
