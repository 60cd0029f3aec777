import { readdirSync } from 'node:fs'
import path from 'node:path'
import { fromUrl } from 'limber/database'
import { mysql } from 'limber/database/mysql'
import { postgres } from 'limber/database/postgres'
import { describe, expect, it } from 'vitest'
import { everyDatabase } from '../support/every-database.ts'
import { nameOf, openMigrations } from './support/previewed.ts'

const ROOMS = {
  up: ['create table room (id integer primary key, name varchar(40))'],
  down: ['drop table room'],
}
const WITHOUT_NAMES = {
  up: ['alter table room drop column name'],
  down: ['alter table room add column name varchar(40)'],
}
const memory = () => fromUrl('sqlite:library.sqlite')

describe('limber db sql', () => {
  it('has nothing to print when nothing is pending', async () => {
    const { sql, test } = await openMigrations(memory(), [ROOMS])
    expect(await sql()).toContain(`-- ${nameOf(1)}\n${ROOMS.up[0]};\n`)
    await test.run('db', 'migrate')
    expect(await sql()).toBe('-- There is nothing to run.\n')
  })

  it('says what is lost above the statements', async () => {
    const { sql, test, add } = await openMigrations(memory(), [ROOMS])
    await test.run('db', 'migrate')
    add(WITHOUT_NAMES)
    expect(await sql()).toBe(
      [
        '-- Run by hand, this is not written to limber_migrations: "limber db migrate" would repeat it.',
        'pragma foreign_keys = off;',
        '',
        `-- ${nameOf(2)}`,
        '--   destructive: "name" of "room" is dropped; the table has no rows now.',
        '--     safer: Deploy code that no longer uses it, keep what is still needed, and drop it in a later migration.',
        'alter table room drop column name;',
        '',
        'pragma foreign_keys = on;',
        '',
      ].join('\n'),
    )
  })

  it('writes nothing, not even the ledger', async () => {
    const { sql, connection, root } = await openMigrations(memory(), [ROOMS])
    const files = () => readdirSync(path.join(root, 'database'), { recursive: true })
    const before = files()
    expect(await sql()).toContain('create table room')
    expect(await connection.execute('select name from sqlite_master')).toEqual([])
    expect(files()).toEqual(before)
  })

  it('--to stops at a migration, and --all begins with the first', async () => {
    const { preview, test } = await openMigrations(memory(), [ROOMS, WITHOUT_NAMES])
    const names = async (...options: string[]) =>
      (await preview(...options)).migrations.map(({ name }) => name)
    expect(await names()).toEqual([nameOf(1), nameOf(2)])
    expect(await names('--to', nameOf(1))).toEqual([nameOf(1)])
    await test.run('db', 'migrate', '--step', '1')
    expect(await names()).toEqual([nameOf(2)])
    expect(await names('--all')).toEqual([nameOf(1), nameOf(2)])
    expect(await names('--all', '--to', nameOf(1).slice(0, 14))).toEqual([nameOf(1)])
  })

  it('--down prints what takes back the last run, or everything behind one migration', async () => {
    const { preview, test } = await openMigrations(memory(), [ROOMS, WITHOUT_NAMES])
    const texts = async (...options: string[]) =>
      (await preview('--down', ...options)).migrations.flatMap(({ statements }) =>
        statements.map(({ text }) => text),
      )
    expect(await texts()).toEqual([])
    await test.run('db', 'migrate', '--step', '1')
    await test.run('db', 'migrate')
    expect(await texts()).toEqual(WITHOUT_NAMES.down)
    expect(await texts('--to', nameOf(1))).toEqual(WITHOUT_NAMES.down)
    expect(await texts('--all')).toEqual([...WITHOUT_NAMES.down, ...ROOMS.down])
  })

  it('names what it cannot find', async () => {
    const { test } = await openMigrations(memory(), [ROOMS])
    const { exitCode, stderr } = await test.run('db', 'sql', '--to', 'nowhere')
    expect(exitCode).not.toBe(0)
    expect(stderr).toContain('nowhere')
  })

  it('says that what depends on rows, and what has no way back, is not shown', async () => {
    const reading = {
      up: ['select id from room'],
      first: "const [row] = await this.execute('select 1 as one'); String(row!.one)",
    }
    const { preview } = await openMigrations(memory(), [ROOMS, reading])
    const [, second] = (await preview()).migrations
    expect(second?.statements.map(({ text }) => text)).toEqual(['select 1 as one'])
    expect(second?.hazards.map(({ kind, what }) => [kind, what.split(':')[0]])).toEqual([
      ['note', 'It reads rows, and gets none here'],
      ['note', 'It ended early, and what follows is not shown'],
    ])
    const [first] = (await preview('--down', '--all')).migrations
    expect(first?.hazards[0]?.what).toContain('does not say how it is taken back')
  })

  it('a name with a line break stays a comment', async () => {
    const { sql, connection } = await openMigrations(memory(), [{ up: ['drop table "a\ndrop table room"'] }])
    await connection.execute('create table "a\ndrop table room" (id int)')
    const lines = (await sql()).split('\n')
    expect(lines.filter((line) => line.includes('destructive'))).toEqual([
      '--   destructive: "a drop table room" is dropped; it has no rows now.',
    ])
  })

  it('--all works when the database is away', async () => {
    const driver = postgres({
      host: '127.0.0.1',
      port: 9,
      user: 'nobody',
      password: 'secret-of-all',
      database: 'none',
    })
    const { sql, test } = await openMigrations(driver, [ROOMS, WITHOUT_NAMES])
    const said = await sql('--all')
    expect(said).toContain('create table room')
    expect(said).toContain('--   destructive: "name" of "room" is dropped with all that is in it.')
    const { exitCode, stdout, stderr } = await test.run('db', 'sql')
    expect(exitCode).toBe(5)
    expect(stdout + stderr).not.toContain('secret-of-all')
  })
})

const NASTY = [`it's; -- "quoted" \`x\``, 'a\\b\\', '?', '$1 $$ ??', "';drop table room;--", 'ä\n😀']

it('the body of a routine of MySQL is one statement for its client', async () => {
  const driver = mysql({ host: '127.0.0.1', port: 9, user: 'nobody', password: '', database: 'none' })
  const body =
    'create trigger t after delete on room for each row begin delete from hall; delete from attic; end'
  const { sql } = await openMigrations(driver, [{ up: [body, 'drop trigger t'] }])
  expect(await sql('--all')).toContain(`delimiter $$\n${body}\n$$\ndelimiter ;\ndrop trigger t;\n`)
})

describe.each(await everyDatabase())('the script on $title', (database) => {
  it('makes the same schema and the same rows as migrating', async () => {
    const steps = [
      ROOMS,
      {
        up: NASTY.map((text, id): [string, unknown[]] => [
          'insert into room (id, name) values (?, ?)',
          [id, text],
        ]),
      },
      {
        up: [
          'create table hall (id integer primary key, n integer, room_id integer) -- a comment at the end',
          'create index hall_n on hall (n);',
          ['insert into hall (id, n, room_id) values (?, ?, ?)', [1, -5, null]] as const,
        ],
      },
    ]
    const [one, other] = [await database.create(), await database.create()]
    const migrated = await openMigrations(one, steps)
    expect((await migrated.test.run('db', 'migrate')).exitCode).toBe(0)
    const scripted = await openMigrations(other, [])
    const { sql, preview } = migrated
    expect((await preview('--all')).migrations).toHaveLength(3)
    for (const statement of statementsOf(await sql('--all'))) await scripted.connection.execute(statement)
    for (const query of [
      'select * from room order by id',
      'select * from hall order by id',
      SCHEMA[one.dialect],
    ]) {
      const rows = await migrated.connection.execute(query)
      expect(rows.length).toBeGreaterThan(0)
      expect(await scripted.connection.execute(query)).toEqual(rows)
    }
    const names = await scripted.connection.execute('select name from room order by id')
    expect(names.map(({ name }) => name)).toEqual(NASTY)
  })
})

const SCHEMA = {
  sqlite: "select type, name, sql from sqlite_master where name in ('room', 'hall', 'hall_n') order by name",
  postgres:
    "select table_name, column_name, data_type, is_nullable from information_schema.columns where table_schema = current_schema() and table_name in ('room', 'hall') order by 1, 2",
  mysql:
    "select table_name, column_name, column_type, is_nullable, column_key from information_schema.columns where table_schema = schema() and table_name in ('room', 'hall') order by 1, 2",
}

/** A statement ends at the end of a line: no text of these has that. */
function statementsOf(script: string): string[] {
  return script
    .split(/;\n/)
    .map((statement) => statement.replace(/^(?:--[^\n]*\n|\n)+/, ''))
    .filter((statement) => statement.trim() !== '')
}
