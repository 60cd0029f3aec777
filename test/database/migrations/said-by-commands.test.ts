import { expect, it } from 'vitest'
import { commandsIn, succeed, tempFolder, write } from '../support/library-application.ts'

const BROKEN = '20260101000000_broken'
const DROP = '20260102000000_drop'

it('check says how an interrupted migration goes on', async () => {
  const root = tempFolder()
  write(root, {
    [`database/migrations/${BROKEN}.ts`]: `
import { Migration } from 'limber/database'

export class Broken extends Migration {
  static override transaction = false

  override async up() {
    await this.execute('create table one (id integer primary key)')
    await this.execute('create index two on nothing (id)')
  }
}
`,
  })
  const test = await commandsIn({ root })
  expect((await test.run('db', 'migrate')).exitCode).toBe(4)

  const { exitCode, stdout } = await test.run('db', 'check')
  expect(exitCode).toBe(1)
  expect(stdout).toContain(`Interrupted: ${BROKEN}\n`)
  expect(stdout).toContain('Go on with: limber db migrate --resume\n')
})

it('a dry run tells programs, too, what would be lost', async () => {
  const root = tempFolder()
  write(root, {
    [`database/migrations/${DROP}.ts`]: `
import { Migration } from 'limber/database'

export class Drop extends Migration {
  override async up() {
    await this.execute('drop table kept')
  }
}
`,
  })
  const test = await commandsIn({ root })
  const app = test.app
  await app.ready(['db'])
  await app.make('db').connection().execute('create table kept (id integer primary key)')

  const { warnings } = JSON.parse(await succeed(test, 'db', 'migrate', '--dry-run', '--json'))
  expect(warnings).toEqual([expect.stringContaining('"kept" is dropped')])
})

it('check calls what would be lost a warning, and not a fact', async () => {
  const root = tempFolder()
  write(root, {
    [`database/migrations/${DROP}.ts`]: `
import { Migration } from 'limber/database'

export class Add extends Migration {
  override async up() {
    await this.execute('create table kept (id integer primary key)')
  }
}
`,
  })
  const test = await commandsIn({ root, models: [] })
  await succeed(test, 'db', 'migrate')

  const { exitCode, stdout, stderr } = await test.run('db', 'check')
  expect(exitCode).toBe(2)
  expect(stdout).toContain('drop table')
  expect(stderr).toContain('Warning: "kept" is dropped with all its rows.\n')
})
