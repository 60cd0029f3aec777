import { expect, it } from 'vitest'
import { Author, Book } from '../database/fixtures/library.ts'
import { commandsIn, openRaw, succeed, tempFolder, write } from '../database/support/library-application.ts'

const NAME = '20260101000000_batches'

it('batches of a migration are no N+1, however many there are', async () => {
  const root = tempFolder()
  write(root, {
    [`database/migrations/${NAME}.ts`]: `
import { Migration } from 'limber/database'

export class Batches extends Migration {
  static override transaction = false

  override async up() {
    await this.execute('create table author (id integer primary key, name text not null)')
    await this.execute("insert into author values (1, 'a'), (2, 'b'), (3, 'c'), (4, 'd'), (5, 'e'), (6, 'f')")
    await this.batches({ table: 'author', key: 'id', size: 1 }, async (rows) => {
      for (const { id } of rows) await this.execute('update author set name = upper(name) where id = ?', [id])
    })
  }
}
`,
  })
  const test = await commandsIn({ root, models: [Author, Book] })

  expect(await succeed(test, 'db', 'migrate')).toContain(`Applied ${NAME}`)
  const names = openRaw(`${root}/library.sqlite`).prepare('select name from author order by id').all()
  expect(names.map(({ name }) => name).join('')).toBe('ABCDEF')
})
