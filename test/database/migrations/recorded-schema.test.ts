/** What is recorded beside the migrations, and migrations that are written from it where nothing else may be made. */
import { randomBytes } from 'node:crypto'
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fromUrl, Model } from 'limber/database'
import { Entity, Enum, Index, ManyToOne, Property, type Ref, types } from 'limber/database/mapping'
import { mysql } from 'limber/database/mysql'
import { postgres } from 'limber/database/postgres'
import { describe, expect, it, onTestFinished } from 'vitest'
import { administer, isThere, MARIADB, ownDatabase, POSTGRES, type Server } from '../support/servers.ts'
import { NOTHING, project } from './project.ts'

@Entity({ tableName: 'shelf' })
class Shelf extends Model {
  static override softDelete = true

  @Property({ length: 50, unique: true })
  label!: string

  @Enum({ items: () => ['oak', 'ash'], default: 'oak' })
  wood!: string

  @Property({ type: types.decimal, precision: 8, scale: 2, default: 0 })
  price!: string
}

@Entity({ tableName: 'folio' })
class Folio extends Model {
  @ManyToOne(() => Shelf, { ref: true, deleteRule: 'cascade' })
  shelf!: Ref<Shelf>

  @Property({ nullable: true })
  @Index()
  note?: string
}

@Entity({ tableName: 'folio' })
class RemarkedFolio extends Model {
  @ManyToOne(() => Shelf, { ref: true, deleteRule: 'cascade' })
  shelf!: Ref<Shelf>

  @Property({ nullable: true })
  @Index()
  remark?: string

  @Property({ default: 'none', length: 20 })
  kind!: string
}

const MODELS = [Shelf, Folio]

describe('what is recorded', () => {
  it('is the schema of the models, the last migration and their fingerprint', async () => {
    const { command, recorded, files } = project(fromUrl('sqlite:library.sqlite'))
    await command(MODELS, 'makemigrations', '-m', 'create')
    const first: unknown = JSON.parse(recorded())
    expect(first).toMatchObject({ format: 1, dialect: 'sqlite', migration: files()[0]?.replace('.ts', '') })
    expect(recorded()).toContain('"wood"')
    const said = await command([Shelf, RemarkedFolio], 'makemigrations', '-m', 'more', '--drop', 'folio.note')
    expect(said).toMatch(/^Wrote/)
    const second: unknown = JSON.parse(recorded())
    expect(second).toMatchObject({ migration: files()[1]?.replace('.ts', '') })
    expect(second).not.toMatchObject({ fingerprint: (first as { fingerprint: string }).fingerprint })
  })

  it.each(['missing', 'of an older state', 'torn by a merge'])(
    'is written again when it is %s',
    async (how) => {
      const { command, recorded, folder } = project(fromUrl('sqlite:library.sqlite'))
      await command(MODELS, 'makemigrations', '-m', 'create')
      const before = recorded()
      const file = path.join(folder, 'schema.json')
      if (how === 'missing') rmSync(file)
      else if (how === 'torn by a merge') writeFileSync(file, `<<<<<<< ours\n${before}`)
      else writeFileSync(file, before.replace(/"fingerprint": "\w+"/, '"fingerprint": "0"'))
      expect(await command(MODELS, 'makemigrations', '-m', 'x', '--dry-run')).toBe(NOTHING)
      const said = await command(MODELS, 'makemigrations', '-m', 'x')
      expect(said).toBe(`${NOTHING}Recorded that in schema.json.\n`)
      expect(recorded()).toBe(before)
      expect(await command(MODELS, 'makemigrations', '-m', 'x')).toBe(NOTHING)
    },
  )

  it('is nothing before there is a migration', async () => {
    const { command, root } = project(fromUrl('sqlite:library.sqlite'))
    expect(await command([], 'makemigrations', '-m', 'x')).toBe(NOTHING)
    expect(readdirSync(root)).not.toContain('database')
  })
})

/** A user who has all rights in a database, and may not create another. */
async function smallUser(server: Server) {
  const database = await ownDatabase(server)
  const user = `limber_small_${randomBytes(4).toString('hex')}`
  const isPostgres = server.title === POSTGRES.title
  const { hostname: host, port } = new URL(server.url)
  const fields = { host, port: Number(port), user, password: 'small', database }
  // Its tables go with the database: that has to be dropped first, and what is registered last runs first.
  onTestFinished(() => administer(server, `drop ${isPostgres ? 'role' : 'user'} if exists ${user}`))
  onTestFinished(() =>
    administer(server, `drop database if exists ${database}${isPostgres ? ' with (force)' : ''}`),
  )
  if (isPostgres) {
    await administer(
      server,
      `create role ${user} login password 'small'`,
      `alter database ${database} owner to ${user}`,
    )
    return { driver: postgres(fields), user }
  }
  await administer(
    server,
    `create user ${user} identified by 'small'`,
    `grant all on ${database}.* to ${user}`,
  )
  return { driver: mysql(fields), user }
}

for (const server of [POSTGRES, MARIADB]) {
  if (!(await isThere(server))) continue

  describe(`${server.title}: a user who may not create a database`, () => {
    it('gets migrations from what was recorded, and is told so', async () => {
      const { driver } = await smallUser(server)
      const made = project(driver)
      const elsewhere = project(server.driver({ database: await ownDatabase(server) }))
      await elsewhere.command(MODELS, 'makemigrations', '-m', 'create')
      const [first = ''] = elsewhere.files()
      await made.command([], 'makemigrations', '-m', 'nothing', '--empty')
      rmSync(path.join(made.folder, made.files()[0] ?? ''))
      writeFileSync(path.join(made.folder, first), elsewhere.latest())
      writeFileSync(path.join(made.folder, 'schema.json'), elsewhere.recorded())

      const none = await made.run(MODELS, 'makemigrations', '-m', 'none')
      expect(none.stdout).toBe(NOTHING)
      expect(none.stderr).toMatch(/may not create databases: .*compared with schema\.json/s)

      await made.command(MODELS, 'migrate')
      await made.sql("insert into shelf (id, label) values (1, 'A')")
      await made.sql("insert into folio (id, shelf_id, note) values (1, 1, 'n')")
      const models = [Shelf, RemarkedFolio]
      const undecided = await made.run(models, 'makemigrations', '-m', 'remark')
      expect(undecided.stderr).toContain('--rename folio.note=remark or --rename folio.note=kind')
      const said = await made.run(models, 'makemigrations', '-m', 'remark', '--rename', 'folio.note=remark')
      expect(said.stdout).toMatch(/^Wrote/)
      await made.command(models, 'migrate')
      expect(await made.sql('select id, shelf_id, remark, kind from folio')).toEqual([
        { id: 1, shelf_id: 1, remark: 'n', kind: 'none' },
      ])
      expect((await made.run(models, 'makemigrations', '-m', 'again')).stdout).toBe(NOTHING)
      await made.command(models, 'rollback')
      expect(await made.sql('select id, note from folio')).toEqual([{ id: 1, note: 'n' }])

      // The same as where it can be tried.
      writeFileSync(path.join(elsewhere.folder, made.files()[1] ?? ''), made.latest())
      expect(await elsewhere.command(models, 'makemigrations', '-m', 'x', '--dry-run')).toBe(NOTHING)
      expect(await elsewhere.command(models, 'verify')).toMatch(/None fails; there are 2/)
    })

    it('is told when what was recorded cannot be read, or is of another kind of database', async () => {
      const { driver } = await smallUser(server)
      const { run, command, folder, recorded } = project(driver)
      await command([], 'makemigrations', '-m', 'nothing', '--empty')
      const elsewhere = project(fromUrl('sqlite:library.sqlite'))
      await elsewhere.command(MODELS, 'makemigrations', '-m', 'create')
      for (const text of [`<<<<<<< ours\n${elsewhere.recorded()}`, elsewhere.recorded()]) {
        writeFileSync(path.join(folder, 'schema.json'), text)
        const { exitCode, stderr } = await run(MODELS, 'makemigrations', '-m', 'x')
        expect(exitCode).toBe(2)
        expect(stderr).toContain('LIMBER_RECORDED_SCHEMA')
        expect(recorded()).toBe(text)
      }
    })

    it('is told which right is missing where nothing was recorded, and to verify', async () => {
      const { driver } = await smallUser(server)
      const { run, root } = project(driver)
      for (const argv of [['makemigrations', '-m', 'create'], ['verify']]) {
        if (argv[0] === 'verify') await run([], 'makemigrations', '-m', 'nothing', '--empty')
        const { exitCode, stderr } = await run(MODELS, ...argv)
        expect(exitCode).toBe(5)
        expect(stderr).toContain('LIMBER_SCRATCH_REFUSED')
        expect(stderr).toMatch(/createdb/)
        expect(stderr).not.toContain(':small@')
      }
      expect(readdirSync(path.join(root, 'database/migrations'))).toHaveLength(1)
    })
  })
}
