import path from 'node:path'
import { ServiceProvider } from 'limber'
import { describe, expect, it } from 'vitest'
import { commandsIn, openRaw, succeed, tempFolder, write } from './support/library-application.ts'

class Names {
  readonly list = ['Ada', 'Emma']
}

class NamesProvider extends ServiceProvider {
  override register() {
    this.app.singleton(Names)
    this.app.alias('test.names', Names)
  }
}

declare module 'limber' {
  interface Services {
    'test.names': Names
  }
}

const seeder = (name: string, body: string, maker = '') => `import { inject, injectable } from 'limber'
import { Seeder } from 'limber/database'

@injectable()
export class ${name} extends Seeder {
  ${maker}
  async run(session) {
    ${body}
  }
}
`

async function withSeeders(files: Readonly<Record<string, string>>) {
  const root = tempFolder()
  write(
    root,
    Object.fromEntries(Object.entries(files).map(([n, text]) => [`database/seeders/${n}.ts`, text])),
  )
  const test = await commandsIn({ root, providers: [NamesProvider] })
  const raw = openRaw(path.join(root, 'library.sqlite'))
  raw.exec('create table author (id integer primary key, name text not null unique)')
  return {
    test,
    names: () =>
      raw
        .prepare('select name from author order by name')
        .all()
        .map((row) => row.name),
  }
}

const insert = (name: string) =>
  `await session.execute("insert or ignore into author (name) values ('${name}')")`

describe('limber db seed', () => {
  it('runs the seeder of the database, and may be run again', async () => {
    const { test, names } = await withSeeders({ 'database-seeder': seeder('DatabaseSeeder', insert('Ada')) })
    expect(await succeed(test, 'db', 'seed')).toMatch(/^Seeded with DatabaseSeeder \(\d+ ms\)\n$/)
    await succeed(test, 'db', 'seed')
    expect(names()).toEqual(['Ada'])
  })

  it('runs the one that is named', async () => {
    const { test, names } = await withSeeders({
      'database-seeder': seeder('DatabaseSeeder', insert('Ada')),
      'authors-seeder': seeder('AuthorsSeeder', insert('Emma')),
    })
    expect(await succeed(test, 'db', 'seed', 'authors')).toMatch(/^Seeded with AuthorsSeeder \(/)
    expect(names()).toEqual(['Emma'])
  })

  it('--dry-run says which it would run and writes nothing', async () => {
    const { test, names } = await withSeeders({ 'database-seeder': seeder('DatabaseSeeder', insert('Ada')) })
    expect(await succeed(test, 'db', 'seed', '--dry-run')).toBe('Would run DatabaseSeeder\n')
    expect(names()).toEqual([])
  })

  it('says what was meant by an unknown name', async () => {
    const { test } = await withSeeders({ 'authors-seeder': seeder('AuthorsSeeder', '') })
    const { exitCode, stderr } = await test.run('db', 'seed', 'autors')
    expect(exitCode).toBe(3)
    expect(stderr).toContain('LIMBER_SEEDER_NOT_FOUND')
    expect(stderr).toContain('Did you mean "authors"?')
  })

  it('undoes everything that a failing seeder wrote', async () => {
    const { test, names } = await withSeeders({
      'database-seeder': seeder('DatabaseSeeder', `${insert('Ada')}\n    throw new Error('no more names')`),
    })
    const { exitCode, stdout, stderr } = await test.run('db', 'seed')
    expect([exitCode, stdout]).toEqual([1, ''])
    expect(stderr).toContain('no more names')
    expect(names()).toEqual([])
  })

  it('tells what else a seeder calls, how far it is, and how long each took', async () => {
    const others = `import { Seeder } from 'limber/database'
class Names extends Seeder {
  async run(session, seeding) {
    ${insert('Ada')}
    seeding.say('1 of 2')
    ${insert('Emma')}
  }
}
export class DatabaseSeeder extends Seeder {
  run(session, seeding) { return seeding.call(Names) }
}`
    const { test, names } = await withSeeders({ 'database-seeder': others })
    const said = (await succeed(test, 'db', 'seed')).replace(/\d+ ms/g, 'n ms')
    expect(said).toBe('    1 of 2\n  Seeded with Names (n ms)\nSeeded with DatabaseSeeder (n ms)\n')
    expect(names()).toEqual(['Ada', 'Emma'])
  })

  it('gives a seeder what its constructor asks for', async () => {
    const { test, names } = await withSeeders({
      'database-seeder': seeder(
        'DatabaseSeeder',
        'for (const name of this.names.list) await session.execute("insert into author (name) values (?)", [name])',
        "constructor(@inject('test.names') private readonly names) { super() }",
      ),
    })
    await succeed(test, 'db', 'seed')
    expect(names()).toEqual(['Ada', 'Emma'])
  })

  it.each([
    ['that exports none', 'export const answer = 42'],
    ['that cannot be imported', "import './nowhere.ts'"],
  ])('refuses a file %s', async (_what, text) => {
    const { test } = await withSeeders({ 'database-seeder': text })
    const { exitCode, stderr } = await test.run('db', 'seed')
    expect(exitCode).toBe(2)
    expect(stderr).toContain('LIMBER_SEEDER_FILE')
    expect(stderr).toContain('database-seeder.ts')
  })
})
