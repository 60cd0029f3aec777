import { fileStore } from 'limber/cache'
import { expect, it, test } from 'vitest'
import { FULL_DISKS } from '../../support/full-disk.ts'
import { openStore } from './support.ts'

if (FULL_DISKS.length === 0) test.skip('skipped: neither mount nor prlimit may be used', () => undefined)

for (const { way, make } of FULL_DISKS) {
  it(`${way} is a named error for a file store, which keeps what it had and works again when there is room`, async () => {
    const { folder, fill, makeRoom } = make('cache.sqlite-wal')
    const { store } = await openStore(fileStore({ folder }))
    await store.set('cache:a', 'x')
    fill()
    await expect(store.set('cache:b', 'x'.repeat(500_000))).rejects.toMatchObject({
      code: 'LIMBER_CACHE_UNAVAILABLE',
      kind: 'unavailable',
      hint: expect.stringContaining('Make room'),
    })
    expect(await store.get(['cache:b'])).toEqual([undefined])
    makeRoom()
    await store.set('cache:b', 'x'.repeat(500_000))
    const found = await store.get(['cache:a', 'cache:b'])
    expect(found.map((entry) => entry?.text.length)).toEqual([1, 500_000])
  })
}
