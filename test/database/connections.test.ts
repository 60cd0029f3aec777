import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { LimberError } from 'limber'
import { fromUrl } from 'limber/database'
import { describe, expect, it } from 'vitest'
import { Author } from './fixtures/library.ts'
import { bootLibrary, openLibrary, tempFolder } from './support/library-application.ts'

function errorOf(fn: () => unknown): unknown {
  try {
    return fn()
  } catch (error) {
    return error
  }
}

const opening = async (root: string, url: string) => {
  const { app } = await bootLibrary({ root, driver: fromUrl(url) })
  await app.ready(['db'])
  await app.make('db.connection').ping()
  return app
}

describe('a database URL', () => {
  it.each([
    ['sqlite:storage/app.sqlite', 'storage/app.sqlite'],
    ['sqlite://storage/app.sqlite', 'storage/app.sqlite'],
    ['SQLite:storage/app.sqlite', 'storage/app.sqlite'],
  ])('%s is a file below the root, whose folder is created', async (url, file) => {
    const root = tempFolder()
    await opening(root, url)
    expect(existsSync(path.join(root, file))).toBe(true)
  })

  it.each(['sqlite:', 'sqlite://'])('with an absolute path (%s…) is that file', async (scheme) => {
    const file = path.join(tempFolder(), 'deep/app.sqlite')
    await opening(tempFolder(), `${scheme}${file}`)
    expect(existsSync(file)).toBe(true)
  })

  it('sqlite::memory: is gone with its application and creates no file', async () => {
    const root = tempFolder()
    const app = await opening(root, 'sqlite::memory:')
    await app.make('db.connection').schema.create()
    await app.scope(() => void app.make('db.session').create(Author, { name: 'Ada' }))
    expect(await app.scope(() => app.make('db.session').count(Author))).toBe(1)
    expect(readdirSync(root)).toEqual([])
  })

  it('with a mistyped scheme says what was meant', () => {
    const error = errorOf(() => fromUrl('sqllite:storage/app.sqlite'))
    expect(error).toMatchObject({
      code: 'LIMBER_DATABASE_URL',
      kind: 'invalid',
      hint: 'Did you mean "sqlite:"?',
    })
  })

  it.each(['oracle://ada:s3cret@db/app', 'oracle://ada:s3%20cr@et@db/app'])(
    'never shows its password: %s',
    (url) => {
      const error = errorOf(() => fromUrl(url))
      expect(error).toBeInstanceOf(LimberError)
      expect(JSON.stringify([error, String(error), (error as LimberError).hint])).not.toMatch(/s3|cret|et@/)
      expect(String(error)).toContain('oracle://ada:****@db/app')
    },
  )

  it.each([
    ['mysql://', 'the host and the name of the database are missing', 'mysql://user:password@host/database'],
    [
      'postgres:',
      'the host and the name of the database are missing',
      'postgres://user:password@host/database',
    ],
    ['sqlite:', 'the file is missing', 'sqlite:storage/limber.sqlite'],
  ])('%s says what is missing behind the scheme', (url, missing, example) => {
    expect(errorOf(() => fromUrl(url))).toMatchObject({
      code: 'LIMBER_DATABASE_URL',
      message: `"${url}" is not a database URL; ${missing}.`,
      hint: `For example ${example}.`,
    })
  })

  it.each(['', 'sqlite', 'sqlite:', 'storage/app.sqlite', 'sqlite://'])('%j is none', (url) => {
    expect(errorOf(() => fromUrl(url))).toMatchObject({ code: 'LIMBER_DATABASE_URL' })
  })
})

describe('a database file', () => {
  it.each([
    ['whose folder is a file', (root: string) => path.join(root, 'taken/app.sqlite')],
    ['in a folder that nobody can write', () => '/proc/limber/app.sqlite'],
    ['that is a folder', (root: string) => path.join(root, 'folder')],
  ])('%s is refused by its name', async (_what, fileIn) => {
    const root = tempFolder()
    writeFileSync(path.join(root, 'taken'), '')
    mkdirSync(path.join(root, 'folder'))
    const file = fileIn(root)
    await expect(opening(root, `sqlite:${file}`)).rejects.toMatchObject({
      code: 'LIMBER_DATABASE_FILE',
      kind: 'unavailable',
      message: expect.stringContaining(file),
      hint: expect.any(String),
    })
  })

  it('is written ahead, so that readers do not wait', async () => {
    const { rows, connection } = await openLibrary()
    expect(rows('pragma journal_mode')).toEqual([{ journal_mode: 'wal' }])
    expect(await connection.execute('pragma synchronous')).toEqual([{ synchronous: 1 }])
    expect(await connection.execute('pragma foreign_keys')).toEqual([{ foreign_keys: 1 }])
  })

  it('full of garbage is unavailable to everybody who asks', async () => {
    const root = tempFolder()
    writeFileSync(
      path.join(root, 'library.sqlite'),
      'this is no database, but a text of some length.'.repeat(50),
    )
    const { app } = await bootLibrary({ root })
    await app.ready(['db'])
    const garbage = { code: 'LIMBER_DATABASE_UNAVAILABLE', kind: 'unavailable', cause: expect.any(Error) }
    const session = app.make('db').openSession()
    await expect(app.make('db.connection').ping()).rejects.toMatchObject(garbage)
    await expect(app.make('db.health').check()).rejects.toMatchObject(garbage)
    await expect(session.find(Author, {})).rejects.toMatchObject(garbage)
    await expect(session.insert(Author, { name: 'Ada' })).rejects.toMatchObject(garbage)
    await expect(session.execute('select 1 from author')).rejects.toMatchObject(garbage)
    await expect(session.createQueryBuilder(Author).getResult()).rejects.toMatchObject(garbage)
    await expect(
      app.scope(() => void app.make('db.session').create(Author, { name: 'A' })),
    ).rejects.toMatchObject(garbage)
  })

  it('that is deleted while it is open is not healthy', async () => {
    const { file, connection } = await openLibrary()
    await connection.ping()
    rmSync(file)
    await expect(connection.ping()).rejects.toMatchObject({
      code: 'LIMBER_DATABASE_UNAVAILABLE',
      message: 'The database sqlite:library.sqlite does not answer: the file is gone.',
    })
  })
})

it('booting loads no ORM and no driver', () => {
  const script = `
    const { Application } = await import('limber')
    const { DatabaseServiceProvider, fromUrl } = await import('limber/database')
    const config = { app: { name: 'x', providers: [] }, database: { default: 'main', connections: { main: fromUrl('sqlite:x') } } }
    const app = new Application({ root: '.', config, providers: [(app) => new DatabaseServiceProvider(app)] })
    await app.boot()
  `
  const record = path.join(tempFolder(), 'modules')
  const options = [
    '--conditions=limber:source',
    '--import',
    './test/console/record-modules.ts',
    '--import',
    './bin/typescript-hooks.js',
  ]
  execFileSync(process.execPath, [...options, '--input-type=module', '--eval', script], {
    env: { ...process.env, RECORD_MODULES: record },
  })
  const modules = readFileSync(record, 'utf8')
  expect(modules).toContain('src/database/database-service-provider.ts')
  expect(modules).not.toMatch(/node_modules\/(@mikro-orm|better-sqlite3|kysely)/)
})

describe('connections', () => {
  it('are found by their names, with the one that was meant', async () => {
    const { app } = await openLibrary({ connections: { archive: fromUrl('sqlite:archive.sqlite') } })
    const db = app.make('db')
    expect(db.connection()).toBe(app.make('db.connection'))
    expect(db.connection('archive').name).toBe('archive')
    expect(errorOf(() => db.connection('archiv'))).toMatchObject({
      code: 'LIMBER_CONNECTION_NOT_FOUND',
      hint: 'Did you mean "archive"?',
    })
    expect(errorOf(() => db.connection('elsewhere'))).toMatchObject({
      hint: 'config/database.ts has: main, archive.',
    })
  })

  it('close with the application, once, and let go of their files', async () => {
    const { app, connection, file, raw } = await openLibrary()
    await app.scope(() => app.make('db.session').count(Author))
    raw.close()
    const openFiles = () =>
      readdirSync('/proc/self/fd').flatMap((fd) => {
        const target = errorOf(() => readlinkSync(`/proc/self/fd/${fd}`))
        return typeof target === 'string' && target.startsWith(file) ? [target] : []
      })
    expect(openFiles().length).toBeGreaterThan(0)
    await app.stop()
    expect(openFiles()).toEqual([])
    await connection.close()
    await app.stop()
  })

  it('are not opened by a boot', async () => {
    const { app, file } = await bootLibrary()
    expect(app.state).toBe('booted')
    expect(existsSync(path.dirname(file))).toBe(true)
    expect(readdirSync(path.dirname(file))).toEqual([])
  })
})
