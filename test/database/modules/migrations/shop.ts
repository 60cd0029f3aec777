/** @module A module with a database of its own on each kind of database, and an application that only knows where it is. */
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Application, type Lazy, ServiceProvider, type ServiceProviderClass } from 'limber'
import {
  type Connection,
  DatabaseServiceProvider,
  type Driver,
  fromUrl,
  type MigrationsConfig,
  Model,
} from 'limber/database'
import { Entity, Enum, Property, Unique } from 'limber/database/mapping'
import { createTestApplication } from 'limber/testing'
import { onTestFinished } from 'vitest'
import { everyDatabase } from '../../support/every-database.ts'
import { tempFolder, write } from '../../support/library-application.ts'

interface Source {
  readonly module: string
  readonly connection: string
  readonly version: string
  readonly migrations: string
}

export interface MigrateOptions {
  readonly import?: (file: string) => Promise<object>
  readonly onWarning?: (warning: string) => void
  readonly onBackup?: (file: string) => void
  readonly backup?: boolean
  readonly allowDestructive?: boolean
}

// It has no door: whatever loads modules calls it.
const { migrateModule } = (await import(path.resolve('src/database/modules/module-migrations.ts'))) as {
  migrateModule(app: Application, source: Source, options: MigrateOptions): Promise<string[]>
}

@Entity({ tableName: 'item' })
export class Item extends Model {
  static override connection = 'shop'

  @Property()
  name!: string
}

@Entity({ tableName: 'item' })
export class ItemWithMore extends Model {
  static override connection = 'shop'

  @Property()
  name!: string

  @Property({ nullable: true })
  note?: string

  @Property({ default: 7 })
  stock!: number

  @Unique()
  @Property({ nullable: true })
  code?: string

  @Enum({ items: ['new', 'used'], nullable: true })
  state?: string
}

@Entity({ tableName: 'item' })
export class ItemWithPrice extends Model {
  static override connection = 'shop'

  @Property()
  name!: string

  @Property()
  price!: number
}

@Entity({ tableName: 'item' })
export class ItemWithoutName extends Model {
  static override connection = 'shop'

  @Property({ nullable: true })
  note?: string
}

export interface ShopState {
  readonly version?: string
  readonly models?: readonly Lazy[]
  readonly migrations?: MigrationsConfig
}

/** In memory, each application would have another one. */
export async function shopDatabases() {
  return (await everyDatabase()).filter(({ title }) => title !== 'SQLite in memory')
}

let imports = 0

/** Imports what is there now, as the code of a module is imported. */
export const importAnew = (file: string): Promise<object> =>
  import(`${pathToFileURL(file).href}?${++imports}`)

export async function shopOn(driver: Driver) {
  const root = tempFolder()
  write(root, {})
  mkdirSync(path.join(root, 'config'))
  const folder = path.join(root, 'modules/shop/migrations')
  const open = async ({ version = '1.0.0', models = [], migrations }: ShopState = {}) => {
    const source: Source = { module: 'shop', connection: 'shop', version, migrations: folder }
    const config = {
      app: { name: 'library', models, providers: [DatabaseServiceProvider, modulesWith(source)] },
      database: {
        default: 'main',
        connections: { main: fromUrl('sqlite::memory:'), shop: driver },
        ...(migrations ? { migrations } : {}),
      },
    }
    const test = await createTestApplication({ root, config, database: 'configured' })
    onTestFinished(() => test[Symbol.asyncDispose]())
    await test.app.ready(['db'])
    return {
      ...test,
      test,
      source,
      migrate: (options: MigrateOptions = {}) =>
        migrateModule(test.app, source, { import: importAnew, ...options }),
      run: (...argv: string[]) => test.run('db', ...argv),
    }
  }
  let eyes: Promise<Connection> | undefined
  const look = async () => (await open()).test.app.make('db').connection('shop')
  return {
    root,
    folder,
    open,
    write: (texts: Readonly<Record<string, string>>) =>
      write(
        root,
        Object.fromEntries(
          Object.entries(texts).map(([name, text]) => [`modules/shop/migrations/${name}.ts`, text]),
        ),
      ),
    async rows(sql: string) {
      eyes ??= look()
      return (await eyes).execute(sql)
    },
    async applied() {
      const rows = await this.rows('select name from limber_migrations order by applied_at, name')
      return rows.map(({ name }) => String(name))
    },
  }
}

function modulesWith(source: Source): ServiceProviderClass {
  return class extends ServiceProvider {
    override register(): void {
      this.app.instance('modules.databases', { all: () => [source], open: async () => source })
    }
  }
}

let classes = 0

/** The source of a migration with these statements. */
export function migration(up: readonly string[], down: readonly string[] = [], more = ''): string {
  const lines = (statements: readonly string[]) =>
    statements.map((sql) => `    await this.execute(${JSON.stringify(sql)})`).join('\n')
  return `import { Migration } from 'limber/database'

export class M${++classes} extends Migration {
  ${more}
  override async up() {
${lines(up)}
  }

  override async down() {
${lines(down)}
  }
}
`
}

export const creates = (table: string) =>
  migration([`create table ${table} (id integer not null)`], [`drop table ${table}`])
