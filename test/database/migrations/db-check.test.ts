import { randomBytes } from 'node:crypto'
import { readdirSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import type { Lazy } from 'limber'
import { type Driver } from 'limber/database'
import { postgres } from 'limber/database/postgres'
import { describe, expect, it, onTestFinished } from 'vitest'
import { commandsIn, openRaw, succeed, tempFolder, write } from '../support/library-application.ts'
import { administer, isThere, ownDatabase, POSTGRES } from '../support/servers.ts'
import { Shelf, ShelfWithRoom } from './shelves.ts'

const FOLDER = 'database/migrations'
const LATER = '20991231000000_later'
const EMPTY_MIGRATION = `
  import { Migration } from 'limber/database'
  export class Later extends Migration { async up() {} }
`

async function initialised() {
  const root = tempFolder()
  write(root, {})
  const test = await commandsIn({ root, models: [Shelf] })
  await test.run('db', 'init')
  const [file = ''] = readdirSync(path.join(root, FOLDER)).filter((name) => name.endsWith('.ts'))
  const check = async (options: { model?: Lazy; driver?: Driver; argv?: string[] } = {}) => {
    const { model = Shelf, driver, argv = [] } = options
    const checked = await commandsIn({ root, models: [model], ...(driver && { driver }) })
    return checked.run('db', 'check', ...argv)
  }
  return {
    root,
    file,
    name: file.slice(0, -3),
    check,
    addLater: () => write(root, { [`${FOLDER}/${LATER}.ts`]: EMPTY_MIGRATION }),
  }
}

/** No server listens there. */
const away = () => postgres({ host: '127.0.0.1', port: 1, user: 'ada', password: 's3cret', database: 'app' })

describe('limber db check', () => {
  it('gives 0 when all is in order, and leaves the database as it is', async () => {
    const { root, check } = await initialised()
    const raw = openRaw(path.join(root, 'library.sqlite'))
    const before = raw.prepare('select * from limber_migrations').all()
    expect(await check()).toEqual({
      exitCode: 0,
      stdout: 'Models, migrations and database are in order.\n',
      stderr: '',
    })
    expect(raw.prepare('select * from limber_migrations').all()).toEqual(before)
  })

  it('gives 1 when migrations are pending, and names them', async () => {
    const { check, addLater } = await initialised()
    addLater()
    const { exitCode, stdout } = await check()
    expect(exitCode).toBe(1)
    expect(stdout).toBe(`Pending: ${LATER}\nApply with: limber db migrate\n`)
  })

  it('gives 2 when the models differ, and prints what a migration would say', async () => {
    const { check } = await initialised()
    const { exitCode, stdout } = await check({ model: ShelfWithRoom })
    expect(exitCode).toBe(2)
    expect(stdout).toContain('alter table `shelf` add column `room` text null;')
    expect(stdout).toContain('limber db makemigrations')
  })

  it('gives 3 when the file of an applied migration is missing', async () => {
    const { root, file, name, check } = await initialised()
    renameSync(path.join(root, FOLDER, file), path.join(root, 'elsewhere.ts'))
    const { exitCode, stdout } = await check()
    expect(exitCode).toBe(3)
    expect(stdout).toContain(`Applied, but its file is missing: ${name}`)
  })

  it('gives 4 when the database does not answer, compares the models all the same, and says no password', async () => {
    const { check } = await initialised()
    for (const argv of [[], ['--json']]) {
      const { exitCode, stdout, stderr } = await check({ driver: away(), argv })
      expect(exitCode).toBe(4)
      expect(stdout).toContain('does not answer')
      expect(stdout + stderr).not.toContain('s3cret')
    }
  })

  it('gives 4 for a file that cannot be opened', async () => {
    const { root, check } = await initialised()
    rmSync(path.join(root, 'library.sqlite'))
    write(root, { 'library.sqlite/in-the-way': '' })
    const { exitCode, stdout } = await check()
    expect(exitCode).toBe(4)
    expect(stdout).toContain('library.sqlite')
  })

  it('prints everything that applies, and gives the most serious: files before pending before models', async () => {
    const { root, file, check, addLater } = await initialised()
    addLater()
    const both = await check({ model: ShelfWithRoom })
    expect(both.exitCode).toBe(1)
    expect(both.stdout).toContain(`Pending: ${LATER}`)
    expect(both.stdout).toContain('add column `room`')
    renameSync(path.join(root, FOLDER, file), path.join(root, 'elsewhere.ts'))
    const all = await check({ model: ShelfWithRoom })
    expect(all.exitCode).toBe(3)
    expect(all.stdout).toContain('file is missing')
    expect(all.stdout).toContain(`Pending: ${LATER}`)
    expect(all.stdout).toContain('The models differ')
  })

  it('says why when a migration cannot be read, and is not in order then', async () => {
    const { root, check } = await initialised()
    write(root, { [`${FOLDER}/${LATER}.ts`]: 'export class Broken {' })
    const { exitCode, stdout, stderr } = await check()
    expect(exitCode).toBe(1)
    expect(stdout).toContain('The models could not be compared')
    expect(stderr).toContain(`${LATER}.ts cannot be used`)
  })

  it('tells programs the same', async () => {
    const { check, addLater } = await initialised()
    addLater()
    const { exitCode, stdout } = await check({ model: ShelfWithRoom, argv: ['--json'] })
    expect(exitCode).toBe(1)
    const said: unknown = JSON.parse(stdout)
    expect(said).toMatchObject({
      code: 1,
      migrations: [{ state: 'applied' }, { name: LATER, state: 'pending' }],
      models: { differ: true, statements: ['alter table `shelf` add column `room` text null'] },
    })
  })
})

describe.runIf(await isThere(POSTGRES))(
  'limber db check without the right to create a scratch database',
  () => {
    it('compares the models with what was recorded, and says so', async () => {
      const database = await ownDatabase(POSTGRES)
      const user = `limber_reader_${randomBytes(4).toString('hex')}`
      const { hostname, port } = new URL(POSTGRES.url)
      const root = tempFolder()
      write(root, {})
      const owner = await commandsIn({ root, models: [Shelf], driver: POSTGRES.driver({ database }) })
      await succeed(owner, 'db', 'init')
      await owner.app.make('db.connection').execute(`create role ${user} login`)
      onTestFinished(() => administer(POSTGRES, `drop role ${user}`))
      await owner.app.make('db.connection').execute(`grant select on limber_migrations to ${user}`)
      onTestFinished(async () => {
        await owner.app.make('db.connection').execute(`drop owned by ${user}`)
      })
      const driver = postgres({ host: hostname, port: Number(port), user, database })
      const same = await (await commandsIn({ root, models: [Shelf], driver })).run('db', 'check')
      expect(same.exitCode).toBe(0)
      expect(same.stderr).toContain('So the models were compared with schema.json')
      const other = await (await commandsIn({ root, models: [ShelfWithRoom], driver })).run('db', 'check')
      expect(other.exitCode).toBe(2)
      expect(other.stdout).toMatch(/The models differ from the migrations:\n {2}alter table .*room/)
    })
  },
)
