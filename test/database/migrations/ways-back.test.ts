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

@Entity({ tableName: 'book' })
class QuotingBook extends Model {
  @Property()
  title!: string

  @Property({ default: 'it\'s "x"' })
  quote!: string
}

@Entity({ tableName: 'book' })
class ShortBook extends Model {
  @Property({ length: 60 })
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

    it('brings back a default with quotes in it', async () => {
      const { command, sql } = project(await create())
      await command([QuotingBook], 'makemigrations', '-m', 'create')
      expect(await command([QuotingBook], 'makemigrations', '-m', 'again')).toContain('nothing to write')
      await command([PlainBook], 'makemigrations', '-m', 'drop')
      expect(await command([PlainBook], 'verify')).toMatch(/None fails; there are 2/)
      await command([PlainBook], 'migrate')
      await command([PlainBook], 'rollback', '--step', '1')
      await sql("insert into book (title) values ('A')")
      expect(await sql('select quote from book')).toEqual([{ quote: 'it\'s "x"' }])
    })

    it('never shortens a text: what is too long stays, and the migration fails', async () => {
      const { command, run, sql } = project(await create())
      await command([PlainBook], 'makemigrations', '-m', 'create')
      await command([PlainBook], 'migrate')
      const long = 'x'.repeat(61)
      await sql(`insert into book (title) values ('${long}')`)
      await command([ShortBook], 'makemigrations', '-m', 'shorten')
      const { exitCode } = await run([ShortBook], 'migrate')
      // SQLite does not look at lengths.
      expect(exitCode).toBe(title === 'SQLite in a file' ? 0 : 4)
      expect(await sql('select title from book')).toEqual([{ title: long }])
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
