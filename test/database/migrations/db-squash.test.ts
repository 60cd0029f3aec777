import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Lazy } from 'limber'
import { type Driver, Model } from 'limber/database'
import { Entity, ManyToOne, Property, type Ref } from 'limber/database/mapping'
import { describe, expect, it } from 'vitest'
import { everyDatabase } from '../support/every-database.ts'
import { commandsIn, openRaw, succeed, tempFolder, write } from '../support/library-application.ts'

@Entity({ tableName: 'shelf' })
class Shelf extends Model {
  @Property()
  label!: string
}

@Entity({ tableName: 'shelf' })
class ShelfWithRoom extends Model {
  @Property({ length: 80 })
  label!: string

  @Property({ nullable: true, index: true })
  room?: string
}

@Entity({ tableName: 'folio' })
class Folio extends Model {
  static override softDelete = true

  @ManyToOne(() => ShelfWithRoom, { ref: true })
  shelf!: Ref<ShelfWithRoom>

  @ManyToOne(() => Folio, { ref: true, nullable: true })
  next?: Ref<Folio>
}

const FOLDER = 'database/migrations'
const STEPS: readonly (readonly Lazy[])[] = [[Shelf], [ShelfWithRoom], [ShelfWithRoom, Folio]]
const MODELS = [ShelfWithRoom, Folio]

const filesOf = (root: string) =>
  readdirSync(path.join(root, FOLDER))
    .filter((file) => file.endsWith('.ts'))
    .sort()
const namesOf = (root: string) => filesOf(root).map((file) => file.slice(0, -3))

/** A folder with three migrations, none of them applied. */
async function threeMigrations(driver?: Driver) {
  const root = tempFolder()
  write(root, {})
  for (const [index, models] of STEPS.entries()) {
    const test = await commandsIn({ root, models, ...(driver && { driver }) })
    await succeed(test, 'db', 'makemigrations', '--message', `step ${index + 1}`)
  }
  const open = (models: readonly Lazy[] = MODELS) => commandsIn({ root, models, ...(driver && { driver }) })
  return { root, names: namesOf(root), open }
}

/** The files of migrations stay in memory once they are imported: what is written anew needs a process, or a new name. */
const squash = async (root: string, driver: Driver | undefined, ...argv: string[]) => {
  const test = await commandsIn({ root, models: MODELS, ...(driver && { driver }) })
  return test.run('db', 'squash', '--message', 'everything so far', ...argv)
}

const ledgerOf = (root: string) =>
  openRaw(path.join(root, 'library.sqlite')).prepare('select * from limber_migrations order by name').all()

const databases = (await everyDatabase()).filter(({ title }) => title !== 'SQLite in memory')

// Each scratch database of a server is created and dropped.
describe.each(databases)('limber db squash on $title', { timeout: 120_000 }, (database) => {
  it('makes one migration of all, which a new database runs, and one with all takes for applied', async () => {
    const driver = await database.create()
    const { root, names, open } = await threeMigrations(driver)
    await succeed(await open(), 'db', 'migrate')
    const { exitCode, stdout, stderr } = await squash(root, driver)
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    for (const name of names) expect(stdout).toContain(name)

    const [file = '', ...others] = filesOf(root)
    expect(others).toEqual([])
    expect(file).toBe(`${names[2]?.slice(0, 14)}_everything_so_far.ts`)
    const source = readFileSync(path.join(root, FOLDER, file), 'utf8')
    for (const name of names) expect(source).toContain(`'${name}'`)

    const old = await open()
    expect(await succeed(old, 'db', 'migrate')).toBe('Nothing to migrate.\n')
    await old.app.ready(['db'])
    const rows = await old.app.make('db.connection').execute('select name from limber_migrations')
    expect(rows).toEqual([{ name: file.slice(0, -3) }])

    const fresh = await commandsIn({ root, models: MODELS, driver: await database.create() })
    expect(await succeed(fresh, 'db', 'migrate')).toContain(`Applied ${file.slice(0, -3)}`)
    const diff = await succeed(fresh, 'db', 'makemigrations', '--message', 'rest', '--dry-run')
    expect(diff).toContain('nothing to write')

    expect(await succeed(fresh, 'db', 'rollback')).toContain(`Rolled back ${file.slice(0, -3)}`)
    const tables = await fresh.app.make('db.connection').schema.getUpdateSchemaSQL({ wrap: false })
    expect(tables).toMatch(/create table .*folio/i)
    expect(tables).toMatch(/create table .*shelf/i)
  })
})

describe.runIf(databases.some(({ title }) => title === 'PostgreSQL'))(
  'limber db squash on PostgreSQL',
  () => {
    it('carries out what refuses a transaction, and needs it no more', async () => {
      const driver = await databases.find(({ title }) => title === 'PostgreSQL')?.create()
      const { root, names } = await threeMigrations(driver)
      const file = path.join(root, FOLDER, `${names[1]}.ts`)
      const source = readFileSync(file, 'utf8')
      const outside = source
        .replace('extends Migration {', 'extends Migration {\n  static override transaction = false\n')
        .replace('create index', 'create index concurrently')
      expect(outside).toContain('create index concurrently')
      rmSync(file)
      writeFileSync(path.join(root, FOLDER, `${names[1]?.slice(0, 14)}_outside.ts`), outside)
      const { exitCode, stderr } = await squash(root, driver)
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
      expect(filesOf(root)).toHaveLength(1)
    })
  },
)

describe('limber db squash', () => {
  it('replaces those up to one, and leaves the order of the others', async () => {
    const { root, names } = await threeMigrations()
    expect((await squash(root, undefined, '--to', names[1] ?? '')).exitCode).toBe(0)
    expect(namesOf(root)).toEqual([`${names[1]?.slice(0, 14)}_everything_so_far`, names[2]])
    const test = await commandsIn({ root, models: MODELS })
    await succeed(test, 'db', 'migrate')
    expect((await test.run('db', 'check')).exitCode).toBe(0)
  })

  it('keeps the run and the time of the last one in the ledger, and says before that nothing is missing', async () => {
    const { root, open } = await threeMigrations()
    await succeed(await open(), 'db', 'migrate')
    const last = ledgerOf(root).at(-1)
    await squash(root, undefined)
    const [name] = namesOf(root)
    const test = await open()
    const before = await test.run('db', 'check')
    expect(before).toMatchObject({ exitCode: 1, stdout: expect.stringContaining(`Pending: ${name}`) })
    expect(await succeed(test, 'db', 'migrate', '--dry-run')).toBe('Nothing to migrate.\n')
    expect(ledgerOf(root)).toHaveLength(3)
    await succeed(test, 'db', 'migrate')
    const checksum = expect.not.stringMatching(String(last?.checksum))
    expect(ledgerOf(root)).toEqual([{ ...last, name, checksum }])
    expect((await test.run('db', 'check')).exitCode).toBe(0)
  })

  it('is refused by a database that has some of what it replaces, which stays as it is', async () => {
    const { root, names, open } = await threeMigrations()
    await succeed(await open(), 'db', 'migrate', '--step', '2')
    const before = ledgerOf(root)
    await squash(root, undefined)
    const { exitCode, stderr } = await (await open()).run('db', 'migrate')
    expect(exitCode).not.toBe(0)
    expect(stderr).toContain('LIMBER_SQUASH_PARTLY_APPLIED')
    expect(stderr).toContain(`up to ${names[2]}`)
    expect(ledgerOf(root)).toEqual(before)
  })

  it('only prints what it would write with --dry-run', async () => {
    const { root, names } = await threeMigrations()
    const { stdout } = await squash(root, undefined, '--dry-run')
    expect(stdout).toMatch(/create table [`"]folio/i)
    expect(namesOf(root)).toEqual(names)
  })

  it('names migrations that change rows, and leaves that out only when it is told to', async () => {
    const { root, names } = await threeMigrations()
    const data = '20991231000000_fill_shelves'
    write(root, {
      [`${FOLDER}/${data}.ts`]: `
        import { Migration } from 'limber/database'
        export class FillShelves extends Migration {
          async up() { await this.execute("insert into shelf (label) values (?)", ['A']) }
        }
      `,
    })
    const refused = await squash(root, undefined)
    expect(refused.exitCode).not.toBe(0)
    expect(refused.stderr).toContain('LIMBER_SQUASH')
    expect(refused.stderr).toContain(data)
    expect(refused.stderr).not.toContain(names[1])
    expect(namesOf(root)).toEqual([...names, data])

    expect((await squash(root, undefined, '--drop-data')).exitCode).toBe(0)
    const [file = ''] = filesOf(root)
    expect(readFileSync(path.join(root, FOLDER, file), 'utf8')).not.toMatch(/insert into/i)
  })

  it('keeps what no model knows of: views, triggers and hand-written indexes', async () => {
    const { root } = await threeMigrations()
    const byHand = [
      'create view labels as select label from shelf',
      'create index by_length on shelf (length(label))',
      'create trigger audit after insert on shelf begin update shelf set room = label where id = new.id; end',
    ]
    write(root, {
      [`${FOLDER}/20991231000000_by_hand.ts`]: `
        import { Migration } from 'limber/database'
        export class ByHand extends Migration {
          async up() { for (const sql of ${JSON.stringify(byHand)}) await this.execute(sql) }
        }
      `,
    })
    expect(await squash(root, undefined)).toMatchObject({ exitCode: 0 })
    await succeed(await commandsIn({ root, models: MODELS }), 'db', 'migrate')
    const raw = openRaw(path.join(root, 'library.sqlite'))
    const made = raw.prepare(
      "select name from sqlite_master where name in ('labels', 'by_length', 'audit') order by name",
    )
    expect(made.all()).toEqual([{ name: 'audit' }, { name: 'by_length' }, { name: 'labels' }])
  })

  it('says which name is not there, and changes nothing', async () => {
    const { root, names } = await threeMigrations()
    const { exitCode, stderr } = await squash(root, undefined, '--to', 'never_written')
    expect(exitCode).not.toBe(0)
    expect(stderr).toContain('there is no migration "never_written"')
    expect(namesOf(root)).toEqual(names)
  })

  it('has nothing to do with a single migration', async () => {
    const { root, names } = await threeMigrations()
    const { exitCode, stdout } = await squash(root, undefined, '--to', names[0] ?? '')
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: 'There are not two migrations to make one of.\n',
    })
    expect(existsSync(path.join(root, FOLDER, filesOf(root)[0] ?? ''))).toBe(true)
  })
})
