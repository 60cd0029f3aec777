import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { sqlite } from 'limber/database/sqlite'
import { expect, it } from 'vitest'
import { commandsIn, openRaw, succeed, tempFolder, write } from '../support/library-application.ts'
import { execute, migration } from './place.ts'

const names = [1, 2, 3, 4, 5].map((n) => `2026010100000${n}_table_${n}`)
const table = (n: number) =>
  migration(
    `Table${n}`,
    execute(`create table t${n} (id integer)`, `insert into t${n} values (${n})`),
    `override async down() { ${execute(`drop table t${n}`)} }`,
  )

async function withBackups(database: Readonly<Record<string, unknown>> = {}, file = 'shop.sqlite') {
  const root = tempFolder()
  write(root, Object.fromEntries(names.map((name, i) => [`database/migrations/${name}.ts`, table(i + 1)])))
  const test = await commandsIn({ root, driver: sqlite({ file }), database })
  const folder = path.join(root, 'storage/backups')
  const copies = () => (existsSync(folder) ? readdirSync(folder).sort() : [])
  return { root, test, folder, copies }
}

it('a database is copied before each run that does something, with what it had', async () => {
  const { root, test, copies, folder } = await withBackups()
  await succeed(test, 'db', 'migrate', '--step=1')
  // There was nothing in it.
  expect(copies()).toEqual([])
  const said = await succeed(test, 'db', 'migrate', '--step=1')
  expect(said).toMatch(/^Copied the database to storage\/backups\/shop-\d{8}T\d{9}Z\.sqlite\nApplied /)
  const [name = ''] = copies()
  expect(said).toContain(name)
  const copy = openRaw(path.join(folder, name))
  expect(copy.prepare('select id from t1').all()).toEqual([{ id: 1 }])
  expect(copy.prepare('select name from limber_migrations').all()).toEqual([{ name: names[0] }])
  await succeed(test, 'db', 'migrate', '--dry-run')
  expect(copies()).toHaveLength(1)
  await succeed(test, 'db', 'rollback')
  expect(copies()).toHaveLength(2)
  await succeed(test, 'db', 'fresh')
  expect(copies()).toHaveLength(3)
  await succeed(test, 'db', 'migrate')
  expect(copies()).toHaveLength(3)
  expect(readdirSync(root)).not.toContain('shop.sqlite-journal')
})

it('the newest three are kept, and files of others', async () => {
  const { test, copies, folder } = await withBackups()
  await succeed(test, 'db', 'migrate', '--step=2')
  await succeed(test, 'db', 'rollback')
  const [first] = copies()
  const others = [
    'shop-by-hand.sqlite',
    'shop-20260101T000000000Z.sqlite.gz',
    'shop2-20260101T000000000Z.sqlite',
  ]
  for (const name of others) writeFileSync(path.join(folder, name), '')
  writeFileSync(path.join(folder, 'shop-20260101T000000000Z.sqlite.unproven'), 'half')
  for (const _ of [1, 2, 3]) await succeed(test, 'db', 'migrate', '--step=1')
  const left = copies()
  expect(left).toHaveLength(6)
  expect(left).toEqual(expect.arrayContaining(others))
  expect(left).not.toContain(first)
})

it('how many are kept and where is configured, or that there are none', async () => {
  const { root, test } = await withBackups({ migrations: { backups: { folder: 'copies', keep: 1 } } })
  for (const _ of [1, 2, 3]) await succeed(test, 'db', 'migrate', '--step=1')
  expect(readdirSync(path.join(root, 'copies'))).toHaveLength(1)
  const off = await withBackups({ migrations: { backups: false } })
  for (const _ of [1, 2]) await succeed(off.test, 'db', 'migrate', '--step=1')
  expect(off.copies()).toEqual([])
})

it('without a copy nothing is done, unless it is said', async () => {
  const { root, test } = await withBackups()
  await succeed(test, 'db', 'migrate', '--step=1')
  writeFileSync(path.join(root, 'storage'), 'no folder')
  for (const command of ['migrate', 'rollback', 'fresh']) {
    const { exitCode, stderr } = await test.run('db', command)
    expect([exitCode, stderr]).toEqual([5, expect.stringContaining('[LIMBER_BACKUP_FAILED]')])
    expect(stderr).toContain('nothing was done to it')
  }
  const raw = openRaw(path.join(root, 'shop.sqlite'))
  expect(raw.prepare('select name from limber_migrations').all()).toEqual([{ name: names[0] }])
  expect(await succeed(test, 'db', 'migrate', '--no-backup')).toMatch(/^Applied/)
})

it('a database in memory is not copied', async () => {
  const { test, copies } = await withBackups({}, ':memory:')
  for (const _ of [1, 2]) await succeed(test, 'db', 'migrate', '--step=1')
  expect(copies()).toEqual([])
})
