/** What down() does where it is not simply the opposite of up(). */
import { Model } from 'limber/database'
import { Entity, Property, types } from 'limber/database/mapping'
import { describe, expect, it } from 'vitest'
import { write } from '../support/library-application.ts'
import { lastingDatabases, project } from './project.ts'

@Entity({ tableName: 'book' })
class Book extends Model {
  @Property()
  title!: string

  @Property({ type: types.integer, check: 'pages > 0' })
  pages!: number
}

@Entity({ tableName: 'book' })
class PlainBook extends Model {
  @Property()
  title!: string
}

/** Tables that were made by hand, and that no model asks for. */
const BY_HAND: Readonly<Record<string, string>> = {
  'SQLite in a file':
    "CREATE TABLE odd (id integer primary key, word text collate nocase default 'x') strict",
  PostgreSQL: 'create unlogged table odd (id integer primary key, word text)',
  MariaDB: 'create table odd (id integer primary key, word varchar(9)) default charset latin1',
}

for (const { title, create } of await lastingDatabases()) {
  describe(`${title}: down()`, () => {
    it('brings back a column with its check', async () => {
      const { command, run, sql } = project(await create())
      await command([Book], 'makemigrations', '-m', 'create')
      const { stderr } = await run([PlainBook], 'makemigrations', '-m', 'plain')
      expect(stderr).toMatch(
        /"pages" of "book" is dropped .* down\(\) (fails when "book" has rows|gives rows an empty text or 0)\./,
      )
      expect(await command([PlainBook], 'verify')).toMatch(/None fails; there are 2/)
      await command([PlainBook], 'migrate')
      await command([PlainBook], 'rollback', '--step', '1')
      await expect(sql("insert into book (title, pages) values ('A', 0)")).rejects.toMatchObject({
        code: 'LIMBER_CONSTRAINT_VIOLATION',
      })
      await sql("insert into book (title, pages) values ('A', 1)")
    })

    it('restores a table as it was written, or says that it cannot', async () => {
      const { command, root, run, latest } = project(await create())
      write(root, {
        'database/migrations/20200101000000_odd.ts': `
          import { Migration } from 'limber/database'
          export class Odd extends Migration {
            override async up() { await this.execute(${JSON.stringify(BY_HAND[title])}) }
            override async down() { await this.execute('drop table odd') }
          }`,
      })
      const { stderr } = await run([], 'makemigrations', '-m', 'drop')
      expect(stderr).toContain('Warning: "odd" is dropped with all its rows.')
      const isWritten = title === 'SQLite in a file'
      if (!isWritten) expect(stderr).toMatch(/down\(\) cannot be written: no statements were found/)
      expect(latest()).toContain(isWritten ? BY_HAND[title] : 'throw new IrreversibleMigrationError')
      const verified = await command([], 'verify', '--json')
      expect(JSON.parse(verified)).toMatchObject({
        migrations: [{ state: 'restores' }, { state: isWritten ? 'restores' : 'irreversible' }],
      })
    })
  })
}
