import { existsSync } from 'node:fs'
import path from 'node:path'
import { storeFromUrl } from 'limber/cache'
import { expect, it } from 'vitest'
import { emptyFolder } from '../../support/app-folder.ts'
import { openStore } from './support.ts'

it.each([
  ['memory:', 'memory'],
  ['file:', 'file'],
  ['file:storage/cache', 'file'],
  ['redis://localhost', 'redis'],
  ['redis://:s3cret@localhost:6380/3', 'redis'],
  ['rediss://[::1]:6380', 'redis'],
  ['memcached://localhost', 'memcached'],
  ['memcached://10.0.0.7:11211,[::1]:11211', 'memcached'],
])('%s names a store', (url, name) => {
  expect(storeFromUrl(url).name).toBe(name)
})

it.each([
  '',
  'memory',
  'memory:big',
  'http://ada:s3cret@host',
  'constructor:x',
  'redis://host?tls=1',
  'memcached:',
])('%j names none, and says what there is', (url) => {
  const refused = expect.objectContaining({
    code: 'LIMBER_STORE_URL',
    hint: expect.stringContaining('file:storage/cache'),
  })
  expect(() => storeFromUrl(url)).toThrow(refused)
  expect(() => storeFromUrl(url)).not.toThrow(/s3cret/)
})

it('the folder of a file is found from the root of the application, or from that of the disk', async () => {
  const root = emptyFolder()
  const other = emptyFolder()
  for (const url of ['file:kept', `file://${other}/kept`]) {
    const { store } = await openStore(storeFromUrl(url), { root })
    await store.set('cache:a', 'x')
  }
  expect(existsSync(path.join(root, 'kept/cache.sqlite'))).toBe(true)
  expect(existsSync(path.join(other, 'kept/cache.sqlite'))).toBe(true)
})
