import { existsSync, readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { commandsIn, openRaw, succeed, tempFolder, write } from './support/library-application.ts'

const migration = (name: string, up: string, down = '') => `import { Migration } from 'limber/database'

export class ${name} extends Migration {
  override async up() {
    ${up}
  }
  ${down && `override async down() {\n    ${down}\n  }`}
}
`
const run = (...statements: string[]) =>
  statements.map((statement) => `await this.execute(${JSON.stringify(statement)})`).join('\n    ')

const SHELVES = migration(
  'CreateShelves',
  run(
    'create table shelf (id integer primary key, label text not null)',
    "insert into shelf values (1, 'A')",
  ),
  run('drop table shelf'),
)
const ROOMS = migration(
  'CreateRooms',
  run('create table room (id integer primary key)'),
  run('drop table room'),
)

const FIRST = '20260101000001_shelves'
const SECOND = '20260101000002_rooms'
const THIRD = '20260101000003_third'

async function withMigrations(files: Readonly<Record<string, string>>) {
  const root = tempFolder()
  const place = (name: string) => `database/migrations/${name}`
  write(root, Object.fromEntries(Object.entries(files).map(([name, text]) => [place(`${name}.ts`), text])))
  const test = await commandsIn({ root })
  const raw = openRaw(path.join(root, 'library.sqlite'))
  return {
    test,
    raw,
    root,
    tables: () =>
      raw
        .prepare(
          "select name from sqlite_master where type = 'table' and name not like 'limber%' order by name",
        )
        .all()
        .map((row) => row.name),
    applied: () =>
      raw
        .prepare('select name, batch from limber_migrations order by name')
        .all()
        .map((row) => `${row.batch} ${row.name}`),
  }
}

describe('migrate', () => {
  it('applies what is pending in the order of the names, and then has nothing to do', async () => {
    const { test, tables, applied } = await withMigrations({ [SECOND]: ROOMS, [FIRST]: SHELVES })
    const said = await succeed(test, 'db', 'migrate')
    expect(said.replace(/\d+ ms/g, 'N ms')).toBe(`Applied ${FIRST} (N ms)\nApplied ${SECOND} (N ms)\n`)
    expect(tables()).toEqual(['room', 'shelf'])
    expect(applied()).toEqual([`1 ${FIRST}`, `1 ${SECOND}`])
    expect(await succeed(test, 'db', 'migrate')).toBe('Nothing to migrate.\n')
  })

  it('writes nothing into the source tree', async () => {
    const { test, root } = await withMigrations({ [FIRST]: SHELVES })
    const list = () => readdirSync(path.join(root, 'database'), { recursive: true })
    const before = list()
    await succeed(test, 'db', 'migrate')
    await succeed(test, 'db', 'rollback')
    expect(list()).toEqual(before)
  })

  it('--dry-run says what it would do and does nothing', async () => {
    const { test, tables } = await withMigrations({ [FIRST]: SHELVES })
    expect(await succeed(test, 'db', 'migrate', '--dry-run')).toBe(`Would apply ${FIRST}\n`)
    expect(tables()).toEqual([])
    const json = await succeed(test, 'db', 'migrate', '--dry-run', '--json')
    expect(JSON.parse(json)).toEqual({ migrations: [FIRST], dryRun: true, warnings: [] })
  })

  it('--step applies that many, in a run of their own', async () => {
    const { test, applied } = await withMigrations({ [FIRST]: SHELVES, [SECOND]: ROOMS })
    const json = await succeed(test, 'db', 'migrate', '--step', '1', '--json')
    expect(JSON.parse(json)).toEqual({ migrations: [FIRST], dryRun: false, warnings: [] })
    await succeed(test, 'db', 'migrate')
    expect(applied()).toEqual([`1 ${FIRST}`, `2 ${SECOND}`])
  })

  it.each([
    ['0', 'LIMBER_MIGRATION_STEP'],
    ['-1', 'LIMBER_MIGRATION_STEP'],
    ['x', 'LIMBER_COMMAND_VALUE'],
  ])('refuses --step %s', async (step, code) => {
    const { test, tables } = await withMigrations({ [FIRST]: SHELVES, [SECOND]: ROOMS })
    for (const command of ['migrate', 'rollback']) {
      const { exitCode, stderr } = await test.run('db', command, `--step=${step}`)
      expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining(code) })
    }
    expect(tables()).toEqual([])
  })

  it.each([
    ['an empty folder', { 'README.md': 'nothing here' }],
    ['no folder', {}],
  ])('has nothing to do with %s', async (_what, files) => {
    const root = tempFolder()
    write(root, Object.fromEntries(Object.entries(files).map(([n, t]) => [`database/migrations/${n}`, t])))
    const test = await commandsIn({ root })
    expect(await succeed(test, 'db', 'migrate')).toBe('Nothing to migrate.\n')
    expect(await succeed(test, 'db', 'rollback')).toBe('Nothing to roll back.\n')
    expect(await succeed(test, 'db', 'status')).toBe('There are no migrations yet.\n')
  })
})

describe('rollback', () => {
  it('takes back the last run, newest first, and migrate applies it again', async () => {
    const { test, tables, raw } = await withMigrations({ [FIRST]: SHELVES, [SECOND]: ROOMS })
    await succeed(test, 'db', 'migrate')
    expect(await succeed(test, 'db', 'rollback', '--dry-run')).toBe(
      `Would roll back ${SECOND}\nWould roll back ${FIRST}\n`,
    )
    expect(tables()).toEqual(['room', 'shelf'])
    const json = await succeed(test, 'db', 'rollback', '--json')
    expect(JSON.parse(json)).toEqual({
      migrations: [SECOND, FIRST],
      dryRun: false,
      warnings: [],
      backup: expect.stringMatching(/^storage\/backups\/library-\d+T\d+Z\.sqlite$/),
    })
    expect(tables()).toEqual([])
    await succeed(test, 'db', 'migrate')
    expect(raw.prepare('select * from shelf').all()).toEqual([{ id: 1, label: 'A' }])
  })

  it('--step takes back that many, across runs', async () => {
    const { test, tables } = await withMigrations({ [FIRST]: SHELVES, [SECOND]: ROOMS })
    await succeed(test, 'db', 'migrate', '--step', '1')
    await succeed(test, 'db', 'migrate')
    await succeed(test, 'db', 'rollback')
    expect(tables()).toEqual(['shelf'])
    await succeed(test, 'db', 'migrate')
    const said = await succeed(test, 'db', 'rollback', '--step', '2')
    expect(said.replace(/\d+ ms/g, 'N ms').replace(/^Copied .*\n/, '')).toBe(
      `Rolled back ${SECOND} (N ms)\nRolled back ${FIRST} (N ms)\n`,
    )
    expect(tables()).toEqual([])
  })

  it('takes nothing back when the file of one is gone', async () => {
    const { test, tables, root } = await withMigrations({ [FIRST]: SHELVES, [SECOND]: ROOMS })
    await succeed(test, 'db', 'migrate')
    rmSync(path.join(root, `database/migrations/${FIRST}.ts`))
    const { exitCode, stderr } = await test.run('db', 'rollback')
    expect(exitCode).toBe(4)
    expect(stderr).toContain('LIMBER_MIGRATION_MISSING')
    expect(stderr).toContain(FIRST)
    expect(tables()).toEqual(['room', 'shelf'])
    expect(await succeed(test, 'db', 'status')).toMatch(new RegExp(`${FIRST} +missing`))
  })

  it('says that a migration without down() cannot be taken back, and leaves it applied', async () => {
    const { test, tables, applied } = await withMigrations({
      [FIRST]: migration('OneWay', run('create table shelf (id integer)')),
    })
    await succeed(test, 'db', 'migrate')
    const { exitCode, stderr } = await test.run('db', 'rollback')
    expect(exitCode).toBe(4)
    expect(stderr).toContain('LIMBER_IRREVERSIBLE_MIGRATION')
    expect([tables(), applied()]).toEqual([['shelf'], [`1 ${FIRST}`]])
  })
})

describe('status', () => {
  it('lists every migration and writes nothing', async () => {
    const { test, raw } = await withMigrations({ [FIRST]: SHELVES, [SECOND]: ROOMS })
    await succeed(test, 'db', 'status')
    expect(raw.prepare('select name from sqlite_master').all()).toEqual([])
    await succeed(test, 'db', 'migrate', '--step', '1')
    const lines = (await succeed(test, 'db', 'status')).trimEnd().split('\n')
    expect(lines.map((line) => line.split(/ {2,}/).slice(0, 3).join('|'))).toEqual([
      'migration|state|batch',
      `${FIRST}|applied|1`,
      `${SECOND}|pending`,
    ])
    expect(JSON.parse(await succeed(test, 'db', 'status', '--json'))).toEqual([
      {
        name: FIRST,
        state: 'applied',
        batch: 1,
        appliedAt: expect.stringMatching(/^2\d{3}-/),
        isOutOfOrder: false,
      },
      { name: SECOND, state: 'pending', isOutOfOrder: false },
    ])
  })
})

describe('a migration that fails half-way', () => {
  it('leaves nothing of itself, keeps those before it, and says what to do', async () => {
    const { test, tables, applied } = await withMigrations({
      [FIRST]: SHELVES,
      [SECOND]: migration(
        'Fails',
        run('create table room (id integer)', 'delete from shelf', 'insert into nowhere values (1)'),
      ),
      [THIRD]: ROOMS,
    })
    const { exitCode, stdout, stderr } = await test.run('db', 'migrate')
    expect(exitCode).toBe(4)
    expect(stdout).toContain(`Applied ${FIRST}`)
    expect(stderr).toContain('MigrationFailedError [LIMBER_MIGRATION_FAILED]')
    expect(stderr).toContain('no such table: nowhere')
    expect(stderr).toContain(`path  ${SECOND} → up()`)
    expect(stderr).toContain('hint  Nothing of it was applied')
    expect([tables(), applied()]).toEqual([['shelf'], [`1 ${FIRST}`]])
  })

  it('in down() stays applied', async () => {
    const { test, tables, applied } = await withMigrations({
      [FIRST]: migration(
        'Fails',
        run('create table shelf (id integer)'),
        run('drop table shelf', 'drop table nowhere'),
      ),
    })
    await succeed(test, 'db', 'migrate')
    const { stderr } = await test.run('db', 'rollback')
    expect(stderr).toContain(`path  ${FIRST} → down()`)
    expect(stderr).not.toContain('Nothing of it was applied')
    expect([tables(), applied()]).toEqual([['shelf'], [`1 ${FIRST}`]])
  })

  it('cannot end the transaction by itself, which would keep the half before', async () => {
    const { test, tables } = await withMigrations({
      [FIRST]: migration(
        'Meddles',
        run('create table shelf (id integer)', 'commit', 'insert into nowhere values (1)'),
      ),
    })
    const { stderr } = await test.run('db', 'migrate')
    expect(stderr).toContain('LIMBER_TRANSACTION_STATEMENT')
    expect(tables()).not.toContain('shelf')
    expect((await test.run('db', 'status')).exitCode).toBe(0)
  })

  it('and a database that somebody else has locked is unavailable, not a faulty migration', async () => {
    const root = tempFolder()
    write(root, { [`database/migrations/${FIRST}.ts`]: SHELVES })
    const { sqlite } = await import('limber/database/sqlite')
    const driver = sqlite({ file: 'library.sqlite', busyTimeout: 0 })
    const test = await commandsIn({ root, driver })
    await succeed(test, 'db', 'status')
    const raw = openRaw(path.join(root, 'library.sqlite'))
    raw.exec('begin immediate')
    const { exitCode, stderr } = await test.run('db', 'migrate')
    expect([exitCode, stderr]).toEqual([5, expect.stringContaining('LIMBER_DATABASE_UNAVAILABLE')])
    raw.exec('rollback')
    await succeed(test, 'db', 'migrate')
  })
})

describe('foreign keys', () => {
  const LIBRARY = migration(
    'Library',
    run(
      'create table author (id integer primary key, name text not null)',
      'create table book (id integer primary key, author_id integer not null references author (id) on delete cascade)',
      "insert into author values (1, 'Mary')",
      'insert into book values (1, 1), (2, 1)',
    ),
  )

  it('do not delete the children of a table that is rebuilt', async () => {
    const { test, raw } = await withMigrations({
      [FIRST]: LIBRARY,
      [SECOND]: migration(
        'Rebuild',
        run(
          'create table author2 (id integer primary key, name text)',
          'insert into author2 select * from author',
          'drop table author',
          'alter table author2 rename to author',
        ),
      ),
    })
    await succeed(test, 'db', 'migrate')
    expect(raw.prepare('select count(*) as books from book').all()).toEqual([{ books: 2 }])
    expect(raw.prepare('pragma foreign_key_check').all()).toEqual([])
  })

  it('refuse a migration that leaves rows without what they refer to', async () => {
    const { test, raw } = await withMigrations({
      [FIRST]: LIBRARY,
      [SECOND]: migration('Orphans', run('delete from author')),
    })
    const { exitCode, stderr } = await test.run('db', 'migrate')
    expect(exitCode).toBe(4)
    expect(stderr).toContain('2 of "book" without their "author"')
    expect(stderr).toContain('LIMBER_FOREIGN_KEY_CHECK')
    expect(raw.prepare('select count(*) as authors from author').all()).toEqual([{ authors: 1 }])
  })

  it('are on again afterwards', async () => {
    const { test } = await withMigrations({ [FIRST]: LIBRARY })
    await succeed(test, 'db', 'migrate')
    const insert = test.make('db.connection').execute('insert into book values (9, 9)')
    await expect(insert).rejects.toMatchObject({ code: 'LIMBER_CONSTRAINT_VIOLATION' })
  })
})

describe('a file', () => {
  it.each([
    ['with a syntax error', 'export class {'],
    ['with a missing import', "import './nowhere.ts'"],
    ['with two migrations', `${SHELVES}${ROOMS.replace(/^import.*$/m, '')}`],
    ['without a migration', 'export const answer = 42'],
  ])('%s is refused before anything is applied', async (_what, text) => {
    const { test, tables } = await withMigrations({ [FIRST]: SHELVES, [SECOND]: text })
    const { exitCode, stderr } = await test.run('db', 'migrate')
    expect(exitCode).toBe(2)
    expect(stderr).toContain('LIMBER_MIGRATION_FILE')
    expect(stderr).toContain(`${SECOND}.ts`)
    expect(tables()).toEqual([])
  })
})

it('an unknown connection is named, with the one that was meant', async () => {
  const { test } = await withMigrations({ [FIRST]: SHELVES })
  for (const command of ['migrate', 'rollback', 'status']) {
    const { exitCode, stderr } = await test.run('db', command, '--connection', 'mian')
    expect(exitCode).toBe(2)
    expect(stderr).toContain('There is no connection "mian".')
    expect(stderr).toContain('Did you mean "main"?')
  }
  expect(existsSync('mian')).toBe(false)
})
