/** A module becomes a newer version with its database, or both stay as they are. */
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { openShop, shopFolder } from '../support/shop.ts'

describe('limber module update', { timeout: 120_000 }, () => {
  it('takes a module from 1.0.0 to 1.3.0 with three migrations, and keeps every row', async () => {
    const shop = await openShop()
    const { code, stdout, stderr } = await shop.update(shopFolder({ version: '1.3.0' }))
    expect(code, stdout + stderr).toBe(0)
    expect(stdout.split('\n').filter((line) => line.startsWith('Applied'))).toEqual([
      'Applied 1.1.0.',
      'Applied 1.2.0.',
      'Applied 1.3.0.',
    ])
    expect(stdout).toContain('Updated shop from 1.0.0 to 1.3.0.')
    expect(readFileSync(path.join(shop.folder, 'readme.md'), 'utf8')).toBe('shop 1.3.0\n')
    expect(await shop.ask('select id, name, deleted_at, points from customer order by id')).toEqual([
      { id: 1, name: 'Ada', deleted_at: null, points: 8 },
      { id: 2, name: 'Bob', deleted_at: '2026-01-01', points: 8 },
    ])
    expect(await shop.ask('select what from purchase order by id')).toEqual([
      { what: 'a book' },
      { what: 'a pen' },
    ])
    await shop.ask("insert into customer (name) values ('Dora')")
    expect(await shop.ask('select max(id) as id from customer')).toEqual([{ id: 41 }])
    expect(shop.enabled()).toEqual({ permissions: ['use_db'], version: '1.3.0' })
    expect(shop.leftovers()).toEqual([])
    expect(shop.backups()).toHaveLength(1)
  })

  it('leaves code and data as they were when the second migration fails', async () => {
    const shop = await openShop()
    const [code, data, enabled] = [shop.code(), await shop.dump(), shop.enabled()]
    const failing = 'update customer set points = 99; insert into nowhere values (1)'
    const failed = await shop.update(shopFolder({ version: '1.3.0', failing }))
    expect(failed.code).toBe(1)
    expect(failed.stderr).toContain('LIMBER_MODULE_UPDATE_FAILED')
    expect(failed.stderr).toContain('from 1.0.0 to 1.3.0 failed while migrating')
    expect(failed.stderr).toContain('Code and database are as they were with 1.0.0.')
    expect(shop.code()).toEqual(code)
    expect(await shop.dump()).toEqual(data)
    expect(shop.enabled()).toEqual(enabled)
    expect(shop.leftovers()).toEqual([])
    const again = await shop.update(shopFolder({ version: '1.3.0' }))
    expect(again.code, again.stderr).toBe(0)
  })

  it('gives its result as JSON', async () => {
    const shop = await openShop()
    const { stdout } = await shop.update(shopFolder({ version: '1.1.0' }), '--json')
    expect(JSON.parse(stdout)).toEqual({
      module: 'shop',
      from: '1.0.0',
      to: '1.1.0',
      permissions: [],
      dryRun: false,
      migrations: ['1.1.0'],
      backup: path.join(shop.storage, shop.backups()[0] ?? ''),
    })
  })

  it('only says what it would do, with --dry-run', async () => {
    const shop = await openShop()
    const [code, data] = [shop.code(), await shop.dump()]
    const source = shopFolder({ version: '1.3.0', permissions: '[use_db, use_http]' })
    const { code: exit, stdout } = await shop.update(source, '--dry-run')
    expect(exit).toBe(0)
    expect(stdout).toContain('Would update shop from 1.0.0 to 1.3.0. It asks for use_http in addition.')
    expect([shop.code(), await shop.dump(), shop.backups(), shop.leftovers()]).toEqual([code, data, [], []])
  })

  it('refuses a version that is not higher, unless it is forced', async () => {
    const shop = await openShop({ version: '1.1.0' })
    for (const version of ['1.1.0', '1.0.0']) {
      const { code, stderr } = await shop.update(shopFolder({ version }))
      expect([code, stderr]).toEqual([4, expect.stringContaining('LIMBER_MODULE_VERSION')])
    }
    const source = shopFolder({ version: '1.1.0', files: { 'new.md': 'new' } })
    const { code, stderr } = await shop.update(source, '--force')
    expect(code, stderr).toBe(0)
    expect(Object.keys(shop.code())).toContain('new.md')
  })

  it('asks again when the new version wants more, and does nothing without consent', async () => {
    const shop = await openShop()
    const before = shop.code()
    const source = shopFolder({ version: '1.1.0', permissions: '[use_db, use_http]' })
    const refused = await shop.update(source)
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain('LIMBER_CONSENT_NEEDED')
    expect(refused.stderr).toContain('asks for use_http')
    expect(shop.code()).toEqual(before)
    const { code, stderr } = await shop.update(source, '--yes')
    expect(code, stderr).toBe(0)
    expect(shop.enabled()).toEqual({ permissions: ['use_db', 'use_http'], version: '1.1.0' })
  })

  it.each([
    ['another module', { version: '1.1.0', name: 'blog' }, 'LIMBER_MODULE_MANIFEST'],
    ['a version that is none', { version: 'newest' }, 'LIMBER_MODULE_MANIFEST'],
    [
      'what nobody can meet',
      { version: '1.1.0', more: 'requires: { users: ^2.0.0 }' },
      'LIMBER_MODULE_NOT_READY',
    ],
    [
      'a package that is missing',
      { version: '1.1.0', more: 'packages: { no-such-package: ^1 }' },
      'LIMBER_MODULE_PACKAGE',
    ],
  ])('touches nothing when the source is %s', async (_, version, error) => {
    const shop = await openShop()
    const [code, data] = [shop.code(), await shop.dump()]
    const refused = await shop.update(shopFolder(version))
    expect(refused.stderr).toContain(error)
    expect(refused.code).not.toBe(0)
    expect([shop.code(), await shop.dump(), shop.backups(), shop.leftovers()]).toEqual([code, data, [], []])
  })

  it('keeps the last three copies', async () => {
    const shop = await openShop()
    for (const _ of [1, 2, 3, 4]) {
      const { code, stderr } = await shop.update(shopFolder({ version: '1.1.0' }), '--force')
      expect(code, stderr).toBe(0)
    }
    const copies = shop.backups().map((name) => path.basename(name).split('-')[0])
    expect(copies).toEqual(['1.1.0', '1.1.0', '1.1.0'])
  })

  it('touches nothing when it cannot copy', async () => {
    const shop = await openShop()
    const code = shop.code()
    writeFileSync(path.join(shop.storage, 'backups'), 'a file where a folder should be')
    const failed = await shop.update(shopFolder({ version: '1.1.0' }))
    expect(failed.code).not.toBe(0)
    expect([shop.code(), shop.leftovers()]).toEqual([code, []])
  })
})
