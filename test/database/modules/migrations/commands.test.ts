import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { DestructiveMigrationError, ModuleVersionTakenError } from 'limber/database'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { commandsIn, tempFolder } from '../../support/library-application.ts'
import { creates, Item, ItemWithMore, migration, shopDatabases, shopOn } from './shop.ts'

const [sqlite] = await shopDatabases()
const onSqlite = async () => shopOn(await (sqlite as NonNullable<typeof sqlite>).create())
const FOR_SHOP = ['--module', 'shop']

describe.each(await shopDatabases())('limber db --module on $title', ({ title, create }) => {
  it('finds a module in order that has no migrations: its tables come from its models', async () => {
    const app = await (await shopOn(await create())).open({ models: [Item] })
    await app.migrate()
    expect(await app.run('check', ...FOR_SHOP)).toMatchObject({ exitCode: 0 })
  })

  it('writes, applies, checks, verifies and takes back the migrations of a module, and no others', async () => {
    const shop = await shopOn(await create())
    const one = await shop.open({ models: [Item] })
    const written = await one.run('makemigrations', ...FOR_SHOP, '-m', 'create items')
    expect(written.stdout).toBe(
      'Wrote modules/shop/migrations/1.0.0.ts\nRead it, then apply it with: limber db migrate --module shop\n',
    )
    expect((await one.run('migrate')).stdout).toBe('Nothing to migrate.\n')
    expect((await one.run('migrate', ...FOR_SHOP)).stdout).toMatch(/^Applied 1\.0\.0 \(\d+ ms\)\n$/)
    const two = await shop.open({ version: '1.1.0', models: [ItemWithMore] })
    expect((await two.run('makemigrations', ...FOR_SHOP, '-m', 'more')).exitCode).toBe(0)
    expect(readFileSync(path.join(shop.folder, '1.1.0.ts'), 'utf8')).toContain('class More extends Migration')
    expect((await two.run('sql', ...FOR_SHOP)).stdout).toMatch(/-- 1\.1\.0\n.*stock/s)
    expect((await two.run('check', ...FOR_SHOP)).stdout).toContain('Pending: 1.1.0')
    const check = await two.run('check', ...FOR_SHOP)
    expect(check.stdout).toContain('Apply with: limber db migrate --module shop')
    const applied = await two.run('migrate', ...FOR_SHOP, '--to', '1.1')
    expect(applied.stdout).toContain('Applied 1.1.0')
    const copies = title.startsWith('SQLite') ? readdirSync(path.join(shop.root, 'storage/backups')) : []
    expect(copies.every((file) => /every-\d{8}T\d{9}Z\.sqlite$/.test(file))).toBe(true)
    expect(await two.run('check', ...FOR_SHOP)).toMatchObject({
      exitCode: 0,
      stdout: 'Models, migrations and database are in order.\n',
    })
    const verified = await two.run('verify', ...FOR_SHOP)
    expect([verified.exitCode, verified.stdout]).toEqual([
      0,
      expect.stringMatching(/Restores 1\.0\.0 .*Restores 1\.1\.0 /s),
    ])
    expect((await two.run('status')).stdout).toBe('There are no migrations yet.\n')
    expect((await two.run('rollback', ...FOR_SHOP)).stdout).toContain('Rolled back 1.1.0')
    expect((await two.run('fresh', ...FOR_SHOP)).stdout).toMatch(
      /Dropped .*Applied 1\.0\.0 .*Applied 1\.1\.0 /s,
    )
    expect(await shop.rows('select stock from item')).toEqual([])
  })

  it('squashes the migrations of a module, and databases that have them take that for applied', async () => {
    const shop = await shopOn(await create())
    shop.write({ '1.9.0': creates('one'), '1.10.0': creates('ten'), '1.11.0': creates('eleven') })
    await (await shop.open({ version: '1.10.0' })).migrate()
    const app = await shop.open({ version: '1.11.0' })
    const squashed = await app.run('squash', ...FOR_SHOP, '-m', 'all tables', '--to', '1.10.0')
    expect(squashed.stdout).toContain('Wrote modules/shop/migrations/1.10.0+all-tables.ts, which replaces 2')
    expect(readdirSync(shop.folder).sort()).toEqual(['1.10.0+all-tables.ts', '1.11.0.ts'])
    expect(await app.migrate()).toEqual(['1.11.0'])
    expect((await shop.applied()).sort()).toEqual(['1.10.0+all-tables', '1.11.0'])
  })
})

describe('with --module', () => {
  it('a second migration for one version is refused', async () => {
    const shop = await onSqlite()
    const one = await shop.open({ models: [Item] })
    await one.run('makemigrations', ...FOR_SHOP, '-m', 'create items')
    const two = await shop.open({ models: [ItemWithMore] })
    const refused = await two.run('makemigrations', ...FOR_SHOP, '-m', 'more')
    expect([refused.exitCode, refused.stderr]).toEqual([
      4,
      expect.stringContaining(new ModuleVersionTakenError('shop', '1.0.0', true).message),
    ])
    expect(refused.stderr).toContain('Raise "version" in its module.yaml')
    expect((await two.run('makemigrations', ...FOR_SHOP, '-m', 'more', '--empty')).exitCode).toBe(4)
    expect(readdirSync(shop.folder).sort()).toEqual(['1.0.0.ts', 'schema.json'])
  })

  it('a version whose file is gone and that is applied is refused as well', async () => {
    const shop = await onSqlite()
    shop.write({ '1.0.0+old': creates('one') })
    const app = await shop.open({ models: [Item] })
    await app.migrate()
    await shop.rows("update limber_migrations set name = '1.0.0'")
    rmSync(path.join(shop.folder, '1.0.0+old.ts'))
    const refused = await app.run('makemigrations', ...FOR_SHOP, '-m', 'again')
    expect([refused.exitCode, refused.stderr]).toEqual([4, expect.stringContaining('counts as applied')])
  })

  it('diagram draws the models of the module, manifest lists its files in their order', async () => {
    const shop = await onSqlite()
    shop.write({ '1.9.0': creates('one'), '1.10.0': creates('ten'), '2.0.0': creates('two') })
    const app = await shop.open({ version: '1.10.0', models: [Item] })
    expect((await app.run('diagram', ...FOR_SHOP)).stdout).toContain('item')
    expect((await app.run('diagram')).stdout).not.toContain('item')
    const { stdout } = await app.run('manifest', ...FOR_SHOP, '--json')
    const { file, checksums } = JSON.parse(stdout)
    expect([file, Object.keys(checksums)]).toEqual([
      'modules/shop/migrations/manifest.json',
      ['1.9.0', '1.10.0', '2.0.0'],
    ])
    expect((await app.run('prune', ...FOR_SHOP)).stdout).toBe('Nothing to delete.\n')
  })

  it('migrate and fresh make the tables of a module that has no migrations', async () => {
    const shop = await onSqlite()
    const app = await shop.open({ models: [Item] })
    const dry = await app.run('migrate', ...FOR_SHOP, '--dry-run')
    expect([dry.stdout, dry.stderr]).toEqual(['Nothing to migrate.\n', ''])
    expect((await app.run('migrate', ...FOR_SHOP)).stderr).toBe(
      'There are no migrations: made what the models ask for.\n',
    )
    await shop.rows("insert into item (id, name) values (1, 'lamp')")
    expect((await app.run('fresh', ...FOR_SHOP)).stdout).toContain('Made the tables of the models.')
    expect(await shop.rows('select name from item')).toEqual([])
  })

  it('in production what loses rows is refused, unless it is allowed', async () => {
    const shop = await onSqlite()
    shop.write({ '1.0.0': creates('one'), '1.1.0': migration(['drop table one']) })
    await (await shop.open()).migrate()
    vi.stubEnv('NODE_ENV', 'production')
    onTestFinished(() => void vi.unstubAllEnvs())
    const app = await shop.open({ version: '1.1.0' })
    await expect(app.migrate()).rejects.toThrow(DestructiveMigrationError)
    expect((await app.run('migrate', ...FOR_SHOP)).exitCode).toBe(4)
    expect(await app.migrate({ allowDestructive: true })).toEqual(['1.1.0'])
  })

  it.each([
    [['status', '--module', 'shop', '--connection', 'main'], 2, 'a module has one connection, its own'],
    [['check', '--module', 'shop', '--connection', 'main'], 2, 'a module has one connection, its own'],
    [['fresh', '--module', 'shop', '--seed'], 2, 'seeders fill the database of the application'],
  ])('%j is used wrongly', async (argv, code, reason) => {
    const app = await (await onSqlite()).open()
    const { exitCode, stderr } = await app.run(...argv)
    expect([exitCode, stderr]).toEqual([code, expect.stringContaining(reason)])
  })

  it('an application without modules names the provider that is missing', async () => {
    const test = await commandsIn({ root: tempFolder() })
    const { stderr } = await test.run('db', 'status', ...FOR_SHOP)
    expect(stderr).toContain('"limber db status" needs ModulesServiceProvider')
    expect(stderr).toContain("'limber/modules'")
    expect(existsSync(path.join(test.app.root, 'modules'))).toBe(false)
  })
})
