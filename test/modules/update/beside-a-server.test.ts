/** A database that another process has open is put back under it, and is never taken away from it. */
import { sqlite } from 'limber/database/sqlite'
import { describe, expect, it } from 'vitest'
import { openRaw } from '../../database/support/library-application.ts'
import { ModuleUpdate } from '../internals.ts'
import { openShop, shopFolder } from '../support/shop.ts'
import { testHost } from '../support/test-host.ts'

describe('an update beside a process that has the database open', { timeout: 60_000 }, () => {
  it('that fails puts rows back where that process reads and writes', async () => {
    const shop = await openShop()
    const before = await shop.dump()
    const other = openRaw(shop.database)
    other.exec('pragma journal_mode = wal')
    const names = other.prepare('select name from customer order by id')
    expect(names.all()).toEqual([{ name: 'Ada' }, { name: 'Bob' }])
    const failing =
      "delete from purchase; update customer set name = 'spoiled'; insert into nowhere values (1)"
    const failed = await shop.update(shopFolder({ version: '1.3.0', failing }))
    expect(failed.stderr).toContain('LIMBER_MODULE_UPDATE_FAILED')
    expect(await shop.dump()).toEqual(before)
    expect(names.all()).toEqual([{ name: 'Ada' }, { name: 'Bob' }])
    other.prepare("insert into customer (name) values ('Dora')").run()
    other.close()
    expect(await shop.ask('select name from customer order by id')).toEqual([
      { name: 'Ada' },
      { name: 'Bob' },
      { name: 'Dora' },
    ])
  })

  it('waits for what that process is writing when it puts back', async () => {
    const shop = await openShop()
    const before = await shop.dump()
    const other = openRaw(shop.database)
    const migrate = async () => {
      other.exec("begin immediate; insert into customer (name) values ('Dora')")
      setTimeout(() => other.exec('commit'), 300)
      throw new Error('the migration fails')
    }
    const host = testHost(shop.root, { driver: sqlite({ file: shop.database }), migrate })
    const update = new ModuleUpdate(host).run({
      module: { name: 'shop', folder: shop.folder },
      source: shopFolder({ version: '1.1.0' }),
    })
    await expect(update).rejects.toMatchObject({ code: 'LIMBER_MODULE_UPDATE_FAILED' })
    other.close()
    expect(await shop.dump()).toEqual(before)
  })
})
