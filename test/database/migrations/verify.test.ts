/** Whether each migration can be taken back is found out by doing it. */
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { runLimber } from '../../support/run-limber.ts'
import { write } from '../support/library-application.ts'
import { lastingDatabases, project } from './project.ts'

const migration = (name: string, up: readonly string[], down: readonly string[] | undefined) => `
  import { Migration } from 'limber/database'
  export class ${name} extends Migration {
    override async up() {
      for (const sql of ${JSON.stringify(up)}) await this.execute(sql)
    }
    ${down ? `override async down() { for (const sql of ${JSON.stringify(down)}) await this.execute(sql) }` : ''}
  }`

const FILES = {
  'database/migrations/20260101000001_shelves.ts': migration(
    'Shelves',
    ['create table shelf (id integer not null primary key, label varchar(20) not null)'],
    ['drop table shelf'],
  ),
  'database/migrations/20260101000002_index.ts': migration(
    'Index',
    ['create index label_index on shelf (label)', 'alter table shelf add column note varchar(9) null'],
    ['alter table shelf drop column note'],
  ),
  'database/migrations/20260101000003_one_way.ts': migration(
    'OneWay',
    ["insert into shelf values (1, 'A', 'n')"],
    undefined,
  ),
  'database/migrations/20260101000004_broken.ts': migration(
    'Broken',
    ['create table room (id integer not null primary key)'],
    ['drop table rooom'],
  ),
  'database/migrations/20260101000005_half.ts': migration(
    'Half',
    ['create table hall (id integer not null primary key)', "insert into shelf (id, label) values (2, 'B')"],
    ['drop table hall'],
  ),
  'database/migrations/20260101000006_last.ts': migration(
    'Last',
    ['create table attic (id integer not null primary key)'],
    ['drop table attic'],
  ),
}

for (const { title, create } of await lastingDatabases()) {
  describe(`${title}: db verify`, () => {
    it('names each down that does not restore what it found, and goes on', async () => {
      const { run, root, command, sql } = project(await create())
      write(root, FILES)
      const { exitCode, stdout } = await run([], 'verify')
      expect(exitCode).toBe(1)
      expect(stdout).toMatch(/^Restores 20260101000001_shelves \(\d+ ms\)$/m)
      expect(stdout).toMatch(
        /^Fails 20260101000002_index .*\n {2}down\(\) does not restore.*\n {2}- .*label_index/m,
      )
      expect(stdout).toMatch(/^Irreversible 20260101000003_one_way/m)
      expect(stdout).toMatch(/^Fails 20260101000004_broken .*\n.*rooom/m)
      expect(stdout).toMatch(/^Fails 20260101000005_half .*\n {2}After down\(\), up\(\) fails/m)
      expect(stdout).toMatch(/^Restores 20260101000006_last/m)
      expect(stdout).toMatch(/3 of them fail; there are 6, verified in \d+\.\d s\.\n$/)
      // The database of the application was not looked at.
      expect(await command([], 'status')).not.toMatch(/applied\s+\d/)
      await expect(sql('select * from shelf')).rejects.toMatchObject({ code: 'LIMBER_TABLE_MISSING' })
    })

    it('--json gives the differences, and 0 when irreversible ones are all there is', async () => {
      const driver = await create()
      const [shelves, index, oneWay] = Object.keys(FILES) as (keyof typeof FILES)[]
      if (!shelves || !index || !oneWay) throw new Error('there are files')
      const failing = project(driver)
      write(failing.root, { [shelves]: FILES[shelves], [index]: FILES[index] })
      const failed = await failing.run([], 'verify', '--json')
      expect(failed.exitCode).toBe(1)
      expect(JSON.parse(failed.stdout)).toMatchObject({
        migrations: [
          { name: '20260101000001_shelves', state: 'restores', differences: [] },
          { state: 'fails', differences: [expect.stringContaining('label_index')] },
        ],
      })
      const passing = project(driver)
      const note = migration('Index', ['alter table shelf add column note varchar(9) null'], undefined)
      write(passing.root, { [shelves]: FILES[shelves], [index]: note, [oneWay]: FILES[oneWay] })
      const passed = await passing.run([], 'verify', '--json')
      expect(passed.exitCode).toBe(0)
      expect(JSON.parse(passed.stdout)).toMatchObject({
        migrations: [{ state: 'restores' }, { state: 'irreversible' }, { state: 'irreversible' }],
      })
    })
  })
}

it('the migrations of the skeleton can all be taken back', async () => {
  const ended = await runLimber(['db', 'verify'], { cwd: path.resolve('.') })
  expect(ended, ended.stderr).toMatchObject({ code: 0 })
  expect(ended.stdout).toMatch(/^None fails; there are [1-9]\d*, verified/m)
}, 60_000)
