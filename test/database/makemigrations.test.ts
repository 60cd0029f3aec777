import { execFileSync } from 'node:child_process'
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Lazy } from 'limber'
import { Model } from 'limber/database'
import { Entity, Index, ManyToOne, Property, type Ref } from 'limber/database/mapping'
import { describe, expect, it } from 'vitest'
import { commandsIn, openRaw, succeed, tempFolder, write } from './support/library-application.ts'

@Entity({ tableName: 'shelf' })
class Shelf extends Model {
  @Property()
  label!: string
}

@Entity({ tableName: 'folio' })
class Folio extends Model {
  @ManyToOne(() => Shelf, { ref: true, deleteRule: 'cascade' })
  shelf!: Ref<Shelf>
}

@Entity({ tableName: 'shelf' })
class ShelfWithRoom extends Model {
  @Property()
  label!: string

  @Property({ nullable: true })
  room?: string
}

@Entity({ tableName: 'shelf' })
class ShelfWithDefault extends Model {
  @Property()
  label!: string

  @Property({ defaultRaw: `'it''s "here"'` })
  room!: string
}

@Entity({ tableName: 'shelf' })
class NullableShelf extends Model {
  @Property({ nullable: true })
  label?: string
}

@Entity({ tableName: 'shelf' })
class UniqueShelf extends Model {
  @Property({ unique: true })
  label!: string
}

@Entity({ tableName: 'shelf' })
class IndexedShelf extends Model {
  @Property()
  @Index()
  label!: string
}

@Entity({ tableName: 'shelf' })
class SoftShelf extends Model {
  static override softDelete = true

  @Property()
  label!: string
}

@Entity({ tableName: 'shelf' })
class ShelfInRoom extends Model {
  @Property()
  label!: string

  @ManyToOne(() => ShelfInRoom, { ref: true, nullable: true })
  above?: Ref<ShelfInRoom>
}

const parentOf = (model: () => Lazy) => {
  @Entity({ tableName: 'folio' })
  class AnyFolio extends Model {
    @ManyToOne(model as () => typeof Shelf, { ref: true, deleteRule: 'cascade' })
    shelf!: Ref<Shelf>
  }
  return AnyFolio
}

function libraryFolder() {
  const root = tempFolder()
  write(root, {})
  return root
}

const migrationsOf = (root: string) =>
  readdirSync(path.join(root, 'database/migrations'))
    .filter((file) => file.endsWith('.ts'))
    .sort()

const NOTHING = 'The migrations describe the models as they are: nothing to write.\n'

async function firstMigration(root: string) {
  const test = await commandsIn({ root, models: [Shelf, Folio] })
  await succeed(test, 'db', 'makemigrations', '--message', 'create library')
  await succeed(test, 'db', 'migrate')
  const raw = openRaw(path.join(root, 'library.sqlite'))
  raw.exec("insert into shelf (id, label) values (1, 'A'), (2, 'B'), (3, 'C')")
  raw.exec('insert into folio (id, shelf_id) values (1, 1), (2, 1), (3, 2)')
  return {
    raw,
    counts: () =>
      raw.prepare('select (select count(*) from shelf) as s, (select count(*) from folio) as f').all(),
    schema: () =>
      raw.prepare("select name, sql from sqlite_master where name not like 'limber%' order by name").all(),
  }
}

describe('a change of the models', () => {
  it.each<[string, () => Lazy]>([
    ['a new column', () => ShelfWithRoom],
    ['a new column with a default full of quotes', () => ShelfWithDefault],
    ['a column that may be null', () => NullableShelf],
    ['a unique column', () => UniqueShelf],
    ['an index', () => IndexedShelf],
    ['a foreign key', () => ShelfInRoom],
    ['soft delete', () => SoftShelf],
  ])('%s: is written, applied and taken back without losing a row', async (what, model) => {
    const root = libraryFolder()
    const { counts, schema } = await firstMigration(root)
    const before = schema()
    const test = await commandsIn({ root, models: [model(), parentOf(model)] })

    const said = await succeed(test, 'db', 'makemigrations', '--message', what)
    expect(said).toMatch(/^Wrote database\/migrations\/\d{14}_[a-z_]+\.ts\n/)
    expect(schema()).toEqual(before)

    await succeed(test, 'db', 'migrate')
    expect(schema()).not.toEqual(before)
    expect(counts()).toEqual([{ s: 3, f: 3 }])
    expect(await succeed(test, 'db', 'makemigrations', '--message', 'again')).toBe(NOTHING)
    expect(migrationsOf(root)).toHaveLength(2)

    await succeed(test, 'db', 'rollback')
    expect(counts()).toEqual([{ s: 3, f: 3 }])
    const back = await commandsIn({ root, models: [Shelf, Folio] })
    await succeed(test, 'db', 'migrate')
    expect(await succeed(back, 'db', 'makemigrations', '--message', 'back', '--dry-run')).not.toBe(NOTHING)
    expect(counts()).toEqual([{ s: 3, f: 3 }])
  })

  it('a new table: is created, and dropped when it is taken back', async () => {
    const root = libraryFolder()
    const { schema, counts } = await firstMigration(root)
    const before = schema()

    @Entity({ tableName: 'room' })
    class Room extends Model {
      @Property()
      name!: string
    }
    const test = await commandsIn({ root, models: [Shelf, Folio, Room] })
    await succeed(test, 'db', 'makemigrations', '-m', 'add room')
    await succeed(test, 'db', 'migrate')
    expect(schema().map((row) => row.name)).toContain('room')
    await succeed(test, 'db', 'rollback')
    expect(schema()).toEqual(before)
    expect(counts()).toEqual([{ s: 3, f: 3 }])
  })
})

/** What a tool says, also when it fails. */
function outputOf(tool: () => string): string {
  try {
    return tool()
  } catch (error) {
    if (error instanceof Error && 'stdout' in error) return String(error.stdout)
    throw error
  }
}

describe('the written file', () => {
  it('type-checks, and is formatted the way the application is', async () => {
    const root = libraryFolder()
    const test = await commandsIn({ root, models: [ShelfWithDefault, ShelfInRoomTable, UniqueLong] })
    await succeed(test, 'db', 'makemigrations', '--message', 'create everything')
    const folder = path.join(root, 'database/migrations')
    const [file = ''] = migrationsOf(root)
    write(root, {
      'biome.json': readFileSync('biome.json', 'utf8').replace(/"vcs": \{[^}]*\},/, ''),
      'package.json': '{ "type": "module" }',
      'tsconfig.json': JSON.stringify({
        extends: path.resolve('tsconfig.base.json'),
        compilerOptions: {
          noEmit: true,
          composite: false,
          incremental: false,
          types: ['node'],
          typeRoots: [path.resolve('node_modules/@types')],
          skipLibCheck: true,
        },
        include: ['database/**/*.ts', path.resolve('src/index.ts')],
      }),
    })
    const run = (tool: string, ...args: string[]) =>
      execFileSync(path.resolve('node_modules/.bin', tool), args, { cwd: root, encoding: 'utf8' })
    expect(outputOf(() => run('biome', 'check', path.join(folder, file)))).toMatch(
      /^Checked 1 file in \S+ No fixes applied.\n$/,
    )
    expect(readFileSync(path.join(folder, file), 'utf8')).toMatch(/await this\.execute\(\n {6}/)
    expect(outputOf(() => run('tsc', '-p', '.'))).toBe('')
  })

  it('comes after every migration there is, also in the same second and with another name', async () => {
    const root = libraryFolder()
    const first = await commandsIn({ root, models: [Shelf] })
    await succeed(first, 'db', 'makemigrations', '-m', 'zebra')
    const second = await commandsIn({ root, models: [ShelfWithRoom] })
    await succeed(second, 'db', 'makemigrations', '-m', 'aardvark')
    expect(migrationsOf(root).map((name) => name.slice(15))).toEqual(['zebra.ts', 'aardvark.ts'])
    await succeed(second, 'db', 'migrate')
    expect(await succeed(second, 'db', 'makemigrations', '-m', 'again')).toBe(NOTHING)
  })

  it.each([
    ['Füge ISBN zu Büchern!', 'fuge_isbn_zu_buchern', 'FugeIsbnZuBuchern'],
    ['2nd try', '2nd_try', 'Migration2ndTry'],
    ['migration', 'migration', 'MigrationMigration'],
    ['x'.repeat(400), 'x'.repeat(100), `X${'x'.repeat(99)}`],
  ])('is named after the message "%s"', async (message, name, className) => {
    const root = libraryFolder()
    const test = await commandsIn({ root, models: [Shelf] })
    await succeed(test, 'db', 'makemigrations', '-m', message)
    const [file = ''] = migrationsOf(root)
    expect(file.slice(15)).toBe(`${name}.ts`)
    expect(readFileSync(path.join(root, 'database/migrations', file), 'utf8')).toContain(
      `export class ${className} extends Migration {`,
    )
    await succeed(test, 'db', 'migrate')
  })

  it('is not written for a message without letters', async () => {
    const test = await commandsIn({ root: libraryFolder(), models: [Shelf] })
    const { exitCode, stderr } = await test.run('db', 'makemigrations', '--message', '… !')
    expect(exitCode).toBe(2)
    expect(stderr).toContain('LIMBER_MIGRATION_MESSAGE')
  })

  it('is not written where nothing can be written', async () => {
    const root = libraryFolder()
    writeFileSync(path.join(root, 'database'), 'a file where the folder should be')
    chmodSync(path.join(root, 'database'), 0o444)
    const test = await commandsIn({ root, models: [Shelf] })
    const { exitCode, stderr } = await test.run('db', 'makemigrations', '--message', 'create shelf')
    expect(exitCode).toBe(5)
    expect(stderr).toContain('LIMBER_FOLDER_NOT_WRITABLE')
  })
})

it('--dry-run writes nothing and shows the statements', async () => {
  const root = libraryFolder()
  const test = await commandsIn({ root, models: [Shelf] })
  const said = await succeed(test, 'db', 'makemigrations', '-m', 'create', '--dry-run')
  expect(said).toContain('create table `shelf`')
  expect(readdirSync(root)).not.toContain('database')
})

it('--json gives the file and the statements in both directions', async () => {
  const root = libraryFolder()
  const test = await commandsIn({ root, models: [Shelf] })
  const result: unknown = JSON.parse(await succeed(test, 'db', 'makemigrations', '-m', 'create', '--json'))
  expect(result).toMatchObject({
    file: `database/migrations/${migrationsOf(root)[0]}`,
    up: [expect.stringContaining('create table `shelf`')],
    down: [expect.stringContaining('drop table')],
  })
})

it('the database of the application is not looked at', async () => {
  const root = libraryFolder()
  const test = await commandsIn({ root, models: [Shelf] })
  const raw = openRaw(path.join(root, 'library.sqlite'))
  raw.exec('create table shelf (id integer primary key, label text not null)')
  expect(await succeed(test, 'db', 'makemigrations', '-m', 'create', '--dry-run')).toContain('create table')
})

@Entity({ tableName: 'room' })
class ShelfInRoomTable extends Model {
  @ManyToOne(() => ShelfWithDefault, { ref: true })
  shelf!: Ref<ShelfWithDefault>
}

@Entity({ tableName: 'long' })
class UniqueLong extends Model {
  @Property({ unique: true })
  aRatherLongNameForAColumn!: string

  @Property({ defaultRaw: "'it''s; quoted'" })
  anotherRatherLongNameForAColumn!: string
}
