/** What happens when an update fails elsewhere than in its migrations. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { mysql } from 'limber/database/mysql'
import { sqlite } from 'limber/database/sqlite'
import { ModuleRestoreError } from 'limber/modules'
import { describe, expect, it } from 'vitest'
import { ModuleUpdate } from '../internals.ts'
import { holdLock } from '../support/hold-lock.ts'
import { applicationWith, openShop, shopFolder } from '../support/shop.ts'
import { testHost } from '../support/test-host.ts'

describe('an update', { timeout: 60_000 }, () => {
  it('is undone when the new version cannot be loaded, and the old one is loaded again', async () => {
    const shop = await openShop()
    const [code, data, enabled] = [shop.code(), await shop.dump(), shop.enabled()]
    const load = async () => {
      const isNew = readFileSync(path.join(shop.folder, 'readme.md'), 'utf8').includes('1.1.0')
      if (!isNew) return
      await shop.ask('delete from purchase')
      throw new Error('onDatabaseReady throws')
    }
    const driver = sqlite({ file: shop.database })
    const host = testHost(shop.root, { driver, loaded: ['shop'], load })
    const update = new ModuleUpdate(host).run({
      module: { name: 'shop', folder: shop.folder },
      source: shopFolder({ version: '1.1.0', permissions: '[use_db, use_http]' }),
      consent: async () => true,
    })
    await expect(update).rejects.toMatchObject({
      code: 'LIMBER_MODULE_UPDATE_FAILED',
      message: expect.stringContaining('failed while loading: onDatabaseReady throws'),
    })
    expect(host.calls).toEqual(['unload shop', 'migrate', 'load shop', 'load shop'])
    expect([shop.code(), await shop.dump(), shop.enabled()]).toEqual([code, data, enabled])
    expect(shop.leftovers()).toEqual([])
  })

  it('that cannot be undone says where the copies are, and the next start goes on', async () => {
    const shop = await openShop()
    const [code, data] = [shop.code(), await shop.dump()]
    const hidden = path.join(shop.root, 'hidden.sqlite')
    const migrate = async () => {
      const [copy = ''] = shop.backups()
      const file = path.join(shop.storage, copy, 'database.sqlite')
      writeFileSync(hidden, readFileSync(file))
      rmSync(file)
      throw new Error('the migration fails')
    }
    const driver = sqlite({ file: shop.database })
    const update = new ModuleUpdate(testHost(shop.root, { driver, migrate })).run({
      module: { name: 'shop', folder: shop.folder },
      source: shopFolder({ version: '1.1.0' }),
    })
    const error = await update.catch((failure: unknown) => failure)
    expect(error).toBeInstanceOf(ModuleRestoreError)
    const backup = path.join(shop.storage, shop.backups()[0] ?? '')
    expect(error).toMatchObject({ message: expect.stringContaining(`${backup}/code`) })
    expect(shop.leftovers()).toContain('storage/modules/updates/shop.json')
    const still = await shop.run('module', 'disable', 'shop', '--dry-run')
    expect(still.stderr).toContain('LIMBER_MODULE_RESTORE')
    writeFileSync(path.join(backup, 'database.sqlite'), readFileSync(hidden))
    await shop.succeed('module', 'disable', 'shop', '--dry-run')
    expect([shop.code(), await shop.dump(), shop.leftovers()]).toEqual([code, data, []])
  })

  it('is not undone on another kind of database than the one that was copied', async () => {
    const shop = await openShop()
    const drivers = [sqlite({ file: shop.database }), mysql({ host: 'nowhere.invalid', database: 'shop' })]
    const host = testHost(shop.root, {
      migrate: async () => {
        throw new Error('the migration fails')
      },
    })
    const changed = { ...host, driverOf: async () => drivers.shift() }
    const update = new ModuleUpdate(changed).run({
      module: { name: 'shop', folder: shop.folder },
      source: shopFolder({ version: '1.1.0' }),
    })
    await expect(update).rejects.toMatchObject({
      code: 'LIMBER_MODULE_RESTORE',
      message: expect.stringContaining('the copy is one of sqlite, and the configuration names mysql now'),
    })
  })

  it('waits for nobody: another one of the same module is refused, and its start leaves that alone', async () => {
    const shop = await openShop()
    holdLock(path.join(shop.storage, 'locks/shop.lock'))
    const journal = path.join(shop.storage, 'updates/shop.json')
    mkdirSync(path.dirname(journal))
    writeFileSync(journal, 'of the other one')
    const { code, stderr } = await shop.update(shopFolder({ version: '1.1.0' }))
    expect([code, stderr]).toEqual([5, expect.stringContaining('LIMBER_MODULE_UPDATE_BUSY')])
    expect(stderr).toContain(`is being updated by process ${process.pid}`)
    expect(readFileSync(journal, 'utf8')).toBe('of the other one')
  })

  it('whose journal is broken is told of, with where the copies are', async () => {
    const shop = await openShop()
    mkdirSync(path.join(shop.storage, 'updates'))
    writeFileSync(path.join(shop.storage, 'updates/shop.json'), '{ "module": "shop" }')
    const { stderr } = await shop.run('module', 'disable', 'shop', '--dry-run')
    expect(stderr).toContain('LIMBER_UPDATE_JOURNAL')
    expect(stderr).toContain('backups')
    const { code } = await shop.update(shopFolder({ version: '1.1.0' }))
    expect(code).toBe(2)
    expect(readFileSync(path.join(shop.folder, 'readme.md'), 'utf8')).toBe('shop 1.0.0\n')
  })

  it('to a version that those who require it do not accept is refused', async () => {
    const shop = applicationWith({
      shop: {},
      cart: { more: 'requires: { shop: ~1.0.0 }', permissions: '[]' },
    })
    await shop.succeed('module', 'enable', 'shop', '--yes')
    await shop.succeed('module', 'enable', 'cart', '--yes')
    const { code, stderr } = await shop.update(shopFolder({ version: '1.1.0' }))
    expect([code, stderr]).toEqual([4, expect.stringContaining('LIMBER_MODULE_DEPENDENTS')])
    expect(stderr).toContain('"cart" (~1.0.0)')
  })
})
