/** What no model asks for, and migrations of another kind of database. */
import { fromUrl, Model } from 'limber/database'
import { Entity, Property, types } from 'limber/database/mapping'
import { describe, expect, it } from 'vitest'
import { commandsIn, write } from '../support/library-application.ts'
import { isThere, POSTGRES } from '../support/servers.ts'
import { lastingDatabases, project } from './project.ts'

@Entity({ tableName: 'book' })
class Book extends Model {
  @Property({ length: 40 })
  title!: string

  @Property({ type: types.integer, nullable: true })
  pages?: number | null
}

@Entity({ tableName: 'book' })
class LongBook extends Model {
  @Property({ length: 40 })
  title!: string

  @Property({ type: types.integer })
  pages!: number
}

const migration = (name: string, ...statements: readonly string[]) => `
  import { Migration } from 'limber/database'
  export class ${name} extends Migration {
    override async up() { ${statements.map((sql) => `await this.execute(${JSON.stringify(sql)})`).join('\n')} }
  }`

const TRIGGERS: Readonly<Record<string, string>> = {
  'SQLite in a file':
    'create trigger loud after insert on book begin update book set title = upper(title) where id = new.id; end',
  MariaDB: 'create trigger loud before insert on book for each row set new.title = upper(new.title)',
}

for (const { title, create } of await lastingDatabases()) {
  describe(`on ${title}`, () => {
    it('a view and a trigger are not dropped without a word', async () => {
      const { command, root, run, latest } = project(await create())
      await command([Book], 'makemigrations', '-m', 'create')
      // There no table is built again under a view.
      const view = title === 'SQLite in a file' ? [] : ['create view titles as select title from book']
      const statements = [...view, TRIGGERS[title]].filter((sql) => sql !== undefined)
      write(root, { 'database/migrations/20990101000000_by_hand.ts': migration('ByHand', ...statements) })
      const { exitCode, stderr } = await run([LongBook], 'makemigrations', '-m', 'change')
      expect(exitCode).toBe(0)
      expect(/drop view/.test(latest())).toBe(/view "titles" is dropped: no model asks for it\./.test(stderr))
      if (title === 'SQLite in a file')
        expect(stderr).toContain('trigger "loud" of "book" is dropped: no model asks for it.')
    })
  })
}

it.runIf(await isThere(POSTGRES))(
  'migrations of another kind of database are named as such when they fail',
  async () => {
    const { command, root } = project(fromUrl('sqlite:library.sqlite'))
    await command([Book], 'makemigrations', '-m', 'create')
    for (const argv of [['makemigrations', '-m', 'more'], ['migrate']]) {
      const test = await commandsIn({ root, models: [Book], driver: POSTGRES.driver().scratch() })
      const { exitCode, stderr } = await test.run('db', ...argv)
      expect(exitCode).toBe(4)
      expect(stderr).toContain('LIMBER_MIGRATION_DIALECT')
      expect(stderr).toContain('were written for sqlite, and this database is postgres')
    }
  },
)
