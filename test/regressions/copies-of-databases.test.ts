import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { sqlite } from 'limber/database/sqlite'
import { expect, it } from 'vitest'
import { execute, migration } from '../database/migrations/place.ts'
import { commandsIn, openRaw, succeed, tempFolder, write } from '../database/support/library-application.ts'

const FILES = Object.fromEntries(
  [1, 2, 3].map((n) => [
    `database/migrations/2026010100000${n}_t.ts`,
    migration(
      `T${n}`,
      execute(`create table t${n} (id integer)`),
      `override async down() { ${execute(`drop table t${n}`)} }`,
    ),
  ]),
)

it('copies of two databases whose files have the same name are kept apart', async () => {
  const root = tempFolder()
  write(root, FILES)
  const open = (tenant: string) =>
    commandsIn({
      root,
      driver: sqlite({ file: `storage/${tenant}/shop.sqlite` }),
      database: { migrations: { backups: { keep: 1 } } },
    })
  const [one, two] = [await open('one'), await open('two')]
  for (const test of [one, two]) await succeed(test, 'db', 'migrate', '--step=1')
  for (const test of [one, two]) await succeed(test, 'db', 'migrate', '--step=1')
  expect(readdirSync(path.join(root, 'storage/backups'))).toHaveLength(2)
})

it('the copy that was just made is kept, also when the clock has gone back', async () => {
  const root = tempFolder()
  write(root, FILES)
  const folder = path.join(root, 'storage/backups')
  mkdirSync(folder, { recursive: true })
  for (const n of [1, 2, 3]) writeFileSync(path.join(folder, `shop-2099010${n}T000000000Z.sqlite`), '')
  const test = await commandsIn({ root, driver: sqlite({ file: 'shop.sqlite' }) })
  await succeed(test, 'db', 'migrate', '--step=1')
  const said = await succeed(test, 'db', 'migrate', '--step=1')
  const [, copy = ''] = /^Copied the database to (.*)$/m.exec(said) ?? []
  expect(openRaw(path.join(root, copy)).prepare('select name from limber_migrations').all()).toHaveLength(1)
  expect(readdirSync(folder)).toHaveLength(3)
})

it('a copy for which there is no room leaves nothing in its place', async () => {
  const root = tempFolder()
  const folder = path.join(root, 'small')
  mkdirSync(folder)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=200k', 'tmpfs', folder], { stdio: 'ignore' })
  } catch {
    console.warn('skipped: this user may not mount a small folder')
    return
  }
  try {
    write(root, FILES)
    const test = await commandsIn({
      root,
      driver: sqlite({ file: 'shop.sqlite' }),
      database: { migrations: { backups: { folder: 'small' } } },
    })
    await succeed(test, 'db', 'migrate', '--step=1')
    const raw = openRaw(path.join(root, 'shop.sqlite'))
    raw.exec(
      'insert into t1 with recursive n (id) as (select 1 union all select id + 1 from n where id < 100000) select id from n',
    )
    expect(await test.run('db', 'migrate')).toMatchObject({
      exitCode: 5,
      stderr: expect.stringContaining('[LIMBER_BACKUP_FAILED]'),
    })
    expect(readdirSync(folder)).toEqual([])
  } finally {
    execFileSync('umount', [folder])
  }
})

it('a database that is reached through a link has one lock', async () => {
  const root = tempFolder()
  write(root, FILES)
  const test = await commandsIn({ root, driver: sqlite({ file: 'shop.sqlite' }) })
  await succeed(test, 'db', 'migrate', '--step=1')
  const release = tempFolder()
  symlinkSync(path.join(root, 'shop.sqlite'), path.join(release, 'shop.sqlite'))
  write(release, FILES)
  const other = await commandsIn({ root: release, driver: sqlite({ file: 'shop.sqlite' }) })
  const lock = openRaw(path.join(root, 'shop.sqlite.migrating'))
  lock.exec('begin immediate')
  expect(await other.run('db', 'migrate', '--wait=0')).toMatchObject({
    exitCode: 5,
    stderr: expect.stringContaining('[LIMBER_MIGRATION_LOCKED]'),
  })
  lock.exec('rollback')
  await succeed(other, 'db', 'migrate')
  expect(existsSync(path.join(release, 'shop.sqlite.migrating'))).toBe(false)
})
