import path from 'node:path'
import { createTestApplication } from 'limber/testing'
import { expect, onTestFinished, test } from 'vitest'
import { appFolder } from '../support/app-folder.ts'
import { runLimber } from '../support/run-limber.ts'

const library = {
  'config/app.ts': `
    import { defineApp } from 'limber'
    import { CacheServiceProvider } from 'limber/cache'
    export default defineApp({ name: 'library', providers: [CacheServiceProvider] })`,
  'config/cache.ts': `
    import { defineCache, fileStore, redisStore } from 'limber/cache'
    export default defineCache({
      default: 'main',
      stores: { main: fileStore(), other: fileStore({ folder: 'storage/other' }) },
      locks: 'other',
    })`,
}

async function openLibrary() {
  const cwd = appFolder(library)
  const { app } = await createTestApplication({ root: cwd, cache: 'configured' })
  onTestFinished(() => app.stop())
  await app.ready(['cache'])
  const cache = app.make('cache')
  await cache.set('emma', 1, { tags: ['books'] })
  await cache.set('ada', 2, { tags: ['readers'] })
  await cache.store('other').set('far', 3)
  const left = async () => [
    ...(await cache.getMany(['emma', 'ada'])).keys(),
    ...(await cache.store('other').getMany(['far'])).keys(),
  ]
  return { cwd, app, left }
}

test('limber cache clear forgets what the store keeps, or what has a tag; a dry run forgets nothing', async () => {
  const { cwd, left } = await openLibrary()
  const run = async (...argv: string[]) => {
    const { code, stdout, stderr } = await runLimber(['cache', 'clear', ...argv], { cwd })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    return stdout.trim()
  }
  expect(await run('--dry-run')).toBe('Would forget every value of the cache in store "main".')
  expect(await left()).toEqual(['emma', 'ada', 'far'])
  expect(await run('--tag', 'books,unknown')).toBe(
    'Forgot what was kept with "books", "unknown" in store "main".',
  )
  expect(await left()).toEqual(['ada', 'far'])
  expect(await run()).toBe('Forgot every value of the cache in store "main".')
  expect(await left()).toEqual(['far'])
  expect(await run('--store', 'other')).toBe('Forgot every value of the cache in store "other".')
  expect(await left()).toEqual([])
})

test('limber cache clear says which stores there are', async () => {
  const { stderr, code } = await runLimber(['cache', 'clear', '--store', 'mian'], { cwd: appFolder(library) })
  expect(stderr).toContain('Did you mean "main"?')
  expect(code).not.toBe(0)
})

test('limber cache info lists the stores, and fails when one does not answer', async () => {
  const { cwd } = await openLibrary()
  const { stdout, code } = await runLimber(['cache', 'info', '--json'], { cwd })
  expect({ code, list: JSON.parse(stdout) }).toEqual({
    code: 0,
    list: [
      { name: 'main', driver: 'file', uses: ['default', 'limits'], error: null },
      { name: 'other', driver: 'file', uses: ['locks'], error: null },
    ],
  })
  const broken = appFolder({
    ...library,
    'config/cache.ts': `
      import { defineCache, fileStore } from 'limber/cache'
      export default defineCache({ stores: { main: fileStore({ folder: 'config/app.ts' }) } })`,
  })
  const failed = await runLimber(['cache', 'info'], { cwd: broken })
  expect(failed.code).toBe(1)
  expect(failed.stdout).toContain(path.join('config', 'app.ts'))
  expect(failed.stdout).toContain('. Let this user read and write the folder')
})
