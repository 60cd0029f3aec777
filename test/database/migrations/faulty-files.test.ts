import { existsSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { expectClearError } from './support/clear-error.ts'
import { MigratingApp, migration, run } from './support/migrating-app.ts'
import { everyKind, type OwnDatabase, SQLITE } from './support/own-databases.ts'
import { withoutRootRights } from './support/rights.ts'
import { appliedNames, dump } from './support/schema-dump.ts'

// Each test runs several processes, maybe on a machine that has other work.
vi.setConfig({ testTimeout: 120_000 })

const FIRST = '20260101000001_shelves'
const SECOND = '20260101000002_faulty'
const SHELVES = migration('CreateShelves', run('create table shelf (id integer primary key)'))
const ROOMS = 'export class CreateRooms extends Migration { override async up() {} }'

/** Runs a command that has to fail clearly and to leave everything as it is, and gives its error code. */
async function refused(app: MigratingApp, database: OwnDatabase, argv: readonly string[], options = {}) {
  const before = [await dump(database), app.source()]
  const ended = await app.run(argv, options)
  const error = expectClearError(ended)
  expect([await dump(database), app.source()]).toEqual(before)
  return { error, code: ended.code, stderr: ended.stderr }
}

describe('a migration file', () => {
  it.each([
    ['with a syntax error', 'export class {'],
    ['that imports a missing file', "import './nowhere.ts'"],
    ['that imports a missing package', "import 'no-such-package-of-anybody'"],
    ['that fails as it is imported', "throw new Error('on the way in')"],
    ['with two classes', `${SHELVES}\n${ROOMS}`],
    ['with no class', 'export const answer = 42'],
    ['with a class that is no migration', 'export class Shelf { up() {} }'],
    ['that is empty', ''],
  ])('%s is named, and nothing is applied', async (_, text) => {
    const database = await SQLITE.create()
    const app = new MigratingApp({ url: database.url, migrations: { [FIRST]: SHELVES, [SECOND]: text } })
    const { code, error, stderr } = await refused(app, database, ['db', 'migrate'])
    expect([code, error]).toEqual([2, 'LIMBER_MIGRATION_FILE'])
    expect(stderr).toContain(`${SECOND}.ts`)
    expect(stderr).not.toContain('CreateShelves')
  })
})

for (const kind of await everyKind()) {
  describe(`a faulty file on ${kind.title}`, () => {
    it('leaves what is applied as it is, and goes through once it is corrected', async () => {
      const database = await kind.create()
      const app = new MigratingApp({ url: database.url, migrations: { [FIRST]: SHELVES } })
      await app.succeed(['db', 'migrate'])
      app.write({ [`database/migrations/${SECOND}.ts`]: 'export class {' })
      await refused(app, database, ['db', 'migrate'])
      app.write({ [`database/migrations/${SECOND}.ts`]: migration('Rooms', run('drop table shelf')) })
      await app.succeed(['db', 'migrate'])
      expect(await appliedNames(database)).toEqual([FIRST, SECOND])
    })
  })
}

describe('a folder of migrations', () => {
  it.each([
    ['that is empty', { 'database/migrations/README.md': 'nothing here' }],
    ['that is not there', {}],
  ])('%s gives nothing to do', async (_, files) => {
    const database = await SQLITE.create()
    const app = new MigratingApp({ url: database.url, files })
    const before = app.source()
    expect(await app.succeed(['db', 'migrate'])).toBe('Nothing to migrate.\n')
    expect(await app.succeed(['db', 'rollback'])).toBe('Nothing to roll back.\n')
    expect(await app.succeed(['db', 'status'])).toBe('There are no migrations yet.\n')
    expect(await dump(database)).toEqual({})
    expect(app.source()).toEqual(before)
  })

  const book = `
import { Model } from 'limber/database'
import { Entity, Property } from 'limber/database/mapping'
@Entity()
export class Book extends Model {
  @Property()
  title!: string
}
`

  it('that is read-only is enough to migrate', async () => {
    const database = await SQLITE.create()
    const app = new MigratingApp({ url: database.url, migrations: { [FIRST]: SHELVES } })
    const rights = withoutRootRights(app.folder)
    const before = app.source()
    await app.succeed(['db', 'migrate'], rights)
    expect(await appliedNames(database)).toEqual([FIRST])
    expect(app.source()).toEqual(before)
  })

  it('that is read-only is named when a migration is to be written', async () => {
    const database = await SQLITE.create()
    const files = { 'database/migrations/README.md': 'nothing here' }
    const app = new MigratingApp({ url: database.url, models: { book }, files })
    const rights = withoutRootRights(app.folder)
    const argv = ['db', 'makemigrations', '--message', 'create book']
    const { code, error, stderr } = await refused(app, database, argv, rights)
    expect([code, error]).toEqual([5, 'LIMBER_FOLDER_NOT_WRITABLE'])
    expect(stderr).toContain('database/migrations')
  })

  it('whose place is taken by a file is named, and nothing is written', async () => {
    const database = await SQLITE.create()
    const files = { 'database/migrations': 'a file' }
    const app = new MigratingApp({ url: database.url, models: { book }, files })
    await refused(app, database, ['db', 'makemigrations', '--message', 'create book'])
    await refused(app, database, ['db', 'migrate'])
  })
})

describe('SQLite where nothing can be written', () => {
  it('is a clear error when it is the folder of the database', async () => {
    const app = new MigratingApp({ url: 'sqlite:storage/new.sqlite', migrations: { [FIRST]: SHELVES } })
    const storage = path.join(app.root, 'storage')
    mkdirSync(storage)
    const ended = await app.run(['db', 'migrate'], withoutRootRights(storage))
    expect(expectClearError(ended)).toBe('LIMBER_DATABASE_FILE')
    expect(existsSync(path.join(storage, 'new.sqlite'))).toBe(false)
  })

  it('is a clear error when it is the file of the database', async () => {
    const database = await SQLITE.create()
    await database.ask('create table shop (id integer)')
    const app = new MigratingApp({ url: database.url, migrations: { [FIRST]: SHELVES } })
    await refused(app, database, ['db', 'migrate'], withoutRootRights(database.url.slice('sqlite:'.length)))
  })

  it('is a clear error when it is the folder of the copies that are made before', async () => {
    const database = await SQLITE.create()
    const files = { 'storage/backups': 'a file where the folder should be' }
    const app = new MigratingApp({ url: database.url, migrations: { [FIRST]: SHELVES }, files })
    await database.ask('create table shop (id integer)')
    await refused(app, database, ['db', 'migrate'])
  })
})
