import { chmodSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { succeed, write } from '../support/library-application.ts'
import { execute, migration, places } from './place.ts'

const NAMES = ['20260101000001_a', '20260101000002_b', '20260101000003_c', '20260202000000_d'] as const
const [A, B, C, D] = NAMES

const table = (name: string) =>
  migration(
    name.toUpperCase(),
    execute(`create table ${name} (id integer)`),
    `override async down() { ${execute(`drop table ${name}`)} }`,
  )
const FOUR = { [A]: table('a'), [B]: table('b'), [C]: table('c'), [D]: table('d') }

describe.each(await places())('$title', ({ create }) => {
  const four = async () => {
    const place = await create()
    place.write(FOUR)
    const test = await place.open()
    const said = async (...argv: string[]) =>
      (await succeed(test, ...argv)).replace(/ \(\d+ ms\)/g, '').replace(/^Copied .*\n/, '')
    const names = async () =>
      (await place.rows('select name from limber_migrations order by name')).map(({ name }) => name)
    return { place, test, said, names }
  }

  it('migrate --to stops at the migration that is named, also by the beginning of its name', async () => {
    const { said, names } = await four()
    expect(await said('db', 'migrate', '--to', '20260101000002')).toBe(`Applied ${A}\nApplied ${B}\n`)
    expect(await said('db', 'migrate', '--to', B)).toBe('Nothing to migrate.\n')
    expect(await names()).toEqual([A, B])
  })

  it('rollback --to takes back what is behind it, across runs, and leaves it', async () => {
    const { said, names } = await four()
    await said('db', 'migrate', '--step=3')
    await said('db', 'migrate')
    expect(await said('db', 'rollback', '--to', B, '--dry-run')).toBe(
      `Would roll back ${D}\nWould roll back ${C}\n`,
    )
    expect(await said('db', 'rollback', '--to', B)).toBe(`Rolled back ${D}\nRolled back ${C}\n`)
    expect(await said('db', 'rollback', '--to', B)).toBe('Nothing to roll back.\n')
    expect(await names()).toEqual([A, B])
  })

  it.each([
    ['migrate', ['--to', 'nowhere'], 'LIMBER_MIGRATION_NAME'],
    ['migrate', ['--to', '202601'], 'begins the names of 3 migrations'],
    ['migrate', ['--to', ''], 'LIMBER_MIGRATION_NAME'],
    ['rollback', ['--to', D], 'LIMBER_MIGRATION_NAME'],
    ['migrate', ['--to', A, '--step', '1'], 'LIMBER_MIGRATION_RANGE'],
    ['rollback', ['--to', A, '--step', '1'], 'LIMBER_MIGRATION_RANGE'],
  ])('%s %j is refused', async (command, argv, reason) => {
    const { test, said, names } = await four()
    await said('db', 'migrate', '--to', B)
    const { exitCode, stderr } = await test.run('db', command, ...argv)
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(reason)])
    expect(await names()).toEqual([A, B])
  })

  it('fresh drops everything, whoever made it, and applies all migrations', async () => {
    const { place, said, test, names } = await four()
    await said('db', 'migrate')
    await place.rows('insert into a values (1)')
    const others = {
      sqlite: [
        'create table parent (id integer primary key)',
        'create table child (id integer references parent (id))',
        'insert into parent values (1)',
        'insert into child values (1)',
        'create view seen as select * from child',
        'create virtual table words using fts5 (text)',
        "create trigger touched after insert on a begin insert into words values ('x'); end",
      ],
      postgres: [
        'create table parent (id serial primary key)',
        'create table child (id integer references parent (id))',
        'create view seen as select * from child',
        'create materialized view kept as select * from seen',
        "create type mood as enum ('fine')",
        'create domain year as integer',
        'create sequence numbers',
      ],
      mysql: [
        'create table parent (id integer primary key)',
        'create table child (id integer, foreign key (id) references parent (id))',
        'create view seen as select * from child',
      ],
    }
    for (const sql of others[place.dialect]) await place.rows(sql)
    const lists = {
      sqlite:
        "select name from sqlite_master where type in ('table', 'view') and name not like 'limber%' order by name",
      postgres: `select relname as name from pg_class where relnamespace = current_schema()::regnamespace and relname not like 'limber%'
        union all select typname from pg_type where typnamespace = current_schema()::regnamespace and typtype in ('e', 'd') order by 1`,
      mysql:
        "select table_name as name from information_schema.tables where table_schema = schema() and table_name not like 'limber%' order by 1",
    }
    const list = async () => (await place.rows(lists[place.dialect])).map(({ name }) => name)
    expect(await list()).toContain('seen')
    expect(await test.run('db', 'fresh', '--dry-run')).toMatchObject({
      stdout: expect.stringContaining(`Would drop everything, then apply ${A}`),
    })
    expect(await list()).toContain('seen')
    expect(await said('db', 'fresh')).toMatch(
      /^Dropped [78] tables\nApplied .*_a\nApplied .*_b\nApplied .*_c\nApplied .*_d\n$/,
    )
    expect(await list()).toEqual(['a', 'b', 'c', 'd'])
    expect(await place.rows('select * from a')).toEqual([])
    expect(await names()).toEqual([...NAMES])
  })

  it('fresh touches nothing when a file cannot be loaded, and --seed fills what is new', async () => {
    const { place, said, test } = await four()
    await said('db', 'migrate')
    await place.rows('insert into a values (1)')
    place.write({ '20260303000000_broken': "import './nowhere.ts'" })
    expect((await test.run('db', 'fresh')).stderr).toContain('LIMBER_MIGRATION_FILE')
    expect(await place.rows('select * from a')).toEqual([{ id: 1 }])
    rmSync(path.join(place.root, 'database/migrations/20260303000000_broken.ts'))
    write(place.root, {
      'database/seeders/database-seeder.ts': `import { type Session, Seeder } from 'limber/database'
export class DatabaseSeeder extends Seeder {
  async run(session: Session) {
    await session.execute('insert into a values (7)')
  }
}
`,
    })
    const { exitCode, stdout, stderr } = await test.run('db', 'fresh', '--seed', '--json')
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('Seeded with DatabaseSeeder')])
    expect(JSON.parse(stdout)).toMatchObject({ migrations: [...NAMES] })
    expect(await place.rows('select * from a')).toEqual([{ id: 7 }])
  })

  it('in production, rollback and fresh have to be forced', async () => {
    vi.stubEnv('NODE_ENV', 'production')
    onTestFinished(() => void vi.unstubAllEnvs())
    const { place, test, said, names } = await four()
    expect(test.app.environment).toBe('production')
    await said('db', 'migrate')
    for (const command of ['rollback', 'fresh']) {
      const { exitCode, stderr } = await test.run('db', command)
      expect([exitCode, stderr]).toEqual([4, expect.stringContaining('[LIMBER_FORCE_NEEDED]')])
      expect((await test.run('db', command, '--dry-run')).exitCode).toBe(0)
    }
    expect(await names()).toEqual([...NAMES])
    await said('db', 'rollback', '--force')
    expect(await names()).toEqual([])
    await said('db', 'fresh', '--force')
    expect(await place.rows('select * from d')).toEqual([])
  })
})

describe('a folder', () => {
  it('that is read-only is migrated from all the same, and one that cannot be read is named', async () => {
    const [kind] = await places()
    const place = await kind?.create()
    if (!place) throw new Error('SQLite is always there')
    place.write(FOUR)
    const folder = path.join(place.root, 'database/migrations')
    chmodSync(folder, 0o555)
    const test = await place.open()
    await succeed(test, 'db', 'migrate')
    expect(readFileSync(path.join(folder, `${A}.ts`), 'utf8')).toBe(table('a'))
    const { exitCode, stderr } = await (await place.open({ migrations: 'package.json' })).run('db', 'migrate')
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('LIMBER_MIGRATION_FILE')])
    expect(stderr).toContain('package.json')
  })
})
