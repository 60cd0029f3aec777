import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileStore } from 'limber/cache'
import { expect, it } from 'vitest'
import { emptyFolder } from '../../support/app-folder.ts'
import { describeStore } from './contract.ts'
import { openStore, testClock } from './support.ts'

describeStore('A file', async () => ({ driver: fileStore({ folder: emptyFolder() }) }))

const open = (root: string, clock = testClock(), timeout = 5_000) =>
  openStore(fileStore({ timeout }), { root, clock })

const fileIn = (root: string) => path.join(root, 'storage/cache/cache.sqlite')

it('a file store is made with its first use, below the root of the application, for this user alone', async () => {
  const root = emptyFolder()
  const { store } = await open(root)
  expect(existsSync(path.join(root, 'storage'))).toBe(false)
  await store.set('cache:a', 'x')
  const folder = path.dirname(fileIn(root))
  expect(statSync(folder).mode & 0o777).toBe(0o700)
  const modes = readdirSync(folder).map((name) => statSync(path.join(folder, name)).mode & 0o777)
  expect(modes.length).toBeGreaterThan(1)
  expect(new Set(modes)).toEqual(new Set([0o600]))
})

it('a file store keeps what it has from one start to the next', async () => {
  const root = emptyFolder()
  const { store, app } = await open(root)
  await store.set('cache:a', 'x')
  await app.stop()
  expect(readdirSync(path.dirname(fileIn(root)))).toEqual(['cache.sqlite'])
  const next = await open(root)
  expect((await next.store.get(['cache:a']))[0]?.text).toBe('x')
})

it('a file store goes on in a new file when its folder was deleted, also with another process', async () => {
  const root = emptyFolder()
  const [one, two] = [await open(root), await open(root)]
  await one.store.set('cache:a', 'x')
  expect((await two.store.get(['cache:a']))[0]?.text).toBe('x')
  rmSync(path.dirname(fileIn(root)), { recursive: true })
  expect(await one.store.get(['cache:a'])).toEqual([undefined])
  await one.store.set('cache:a', 'y')
  expect((await two.store.get(['cache:a']))[0]?.text).toBe('y')
})

it('a damaged file is an error that says to delete it, and is forgotten when that is done', async () => {
  const root = emptyFolder()
  const { store } = await open(root)
  mkdirSync(path.dirname(fileIn(root)), { recursive: true })
  writeFileSync(fileIn(root), 'this is no database, and never was one '.repeat(200))
  const damaged = {
    code: 'LIMBER_CACHE_FILE_DAMAGED',
    kind: 'unavailable',
    hint: expect.stringContaining('rm '),
  }
  await expect(store.get(['cache:a'])).rejects.toMatchObject(damaged)
  await expect(store.ping()).rejects.toMatchObject(damaged)
  rmSync(fileIn(root))
  await store.set('cache:a', 'x')
  expect((await store.get(['cache:a']))[0]?.text).toBe('x')
})

it('a folder that cannot be made is an error that says so', async () => {
  const root = emptyFolder()
  writeFileSync(path.join(root, 'storage'), '')
  const { store } = await open(root)
  await expect(store.ping()).rejects.toMatchObject({
    code: 'LIMBER_CACHE_UNAVAILABLE',
    kind: 'unavailable',
    hint: expect.stringContaining('folder'),
  })
})

it('a file that another process keeps locked is an error in time, reads go on, and then it works again', async () => {
  const root = emptyFolder()
  const { store } = await open(root, testClock(), 50)
  await store.set('cache:a', 'x')
  const other = new DatabaseSync(fileIn(root))
  other.exec('begin immediate')
  expect((await store.get(['cache:a']))[0]?.text).toBe('x')
  await expect(store.set('cache:a', 'y')).rejects.toMatchObject({
    code: 'LIMBER_CACHE_UNAVAILABLE',
    hint: expect.stringContaining('locked'),
  })
  other.exec('rollback')
  other.close()
  await store.set('cache:a', 'y')
  expect((await store.get(['cache:a']))[0]?.text).toBe('y')
})

it('a write waits for the write of another process', async () => {
  const root = emptyFolder()
  const { store } = await open(root)
  await store.set('cache:a', 'x')
  const other = new DatabaseSync(fileIn(root))
  other.exec('begin immediate')
  const writing = store.set('cache:a', 'y')
  setTimeout(() => other.exec('rollback'), 20)
  await writing
  other.close()
  expect((await store.get(['cache:a']))[0]?.text).toBe('y')
})

it('a file store does not grow with what is over', async () => {
  const root = emptyFolder()
  const clock = testClock()
  const { store } = await open(root, clock)
  for (let index = 0; index < 500; index++) await store.set(`cache:${index}`, 'x', 1_000)
  clock.time += 1_000
  for (let index = 0; index < 200; index++) await store.set('cache:kept', 'x', 1_000)
  const raw = new DatabaseSync(fileIn(root), { readOnly: true })
  expect(raw.prepare('select count(*) as n from kept').get()).toEqual({ n: 1 })
  raw.close()
})
