/** Modules are updated wherever they are, and what cannot be done there leaves everything as it was. */
import { cpSync, existsSync, lstatSync, readFileSync, renameSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { emptyFolder, write } from '../../support/app-folder.ts'
import { FULL_DISKS } from '../../support/full-disk.ts'
import { filesIn, openShop, ShopApplication, shopFiles, shopFolder } from '../support/shop.ts'

const FAILING = 'update customer set points = 99; insert into nowhere values (1)'
const readme = (folder: string) => readFileSync(path.join(folder, 'readme.md'), 'utf8')

describe('an update', { timeout: 60_000 }, () => {
  it('of a folder that is a link replaces the link, and leaves the folder that it led to', async () => {
    const shop = await openShop()
    const elsewhere = path.join(emptyFolder(), 'shop')
    cpSync(shop.folder, elsewhere, { recursive: true })
    renameSync(shop.folder, path.join(shop.root, 'old'))
    symlinkSync(elsewhere, shop.folder)
    const failed = await shop.update(shopFolder({ version: '1.3.0', failing: FAILING }))
    expect(failed.code).toBe(1)
    expect(lstatSync(shop.folder).isSymbolicLink()).toBe(true)
    const { code, stderr } = await shop.update(shopFolder({ version: '1.3.0' }))
    expect(code, stderr).toBe(0)
    expect(lstatSync(shop.folder).isSymbolicLink()).toBe(false)
    expect([readme(shop.folder), readme(elsewhere)]).toEqual(['shop 1.3.0\n', 'shop 1.0.0\n'])
  })

  it('takes names with spaces and quotes in them', async () => {
    const from = await openShop()
    const root = path.join(emptyFolder(), 'my "own" shop')
    cpSync(from.root, root, { recursive: true, verbatimSymlinks: true })
    const shop = new ShopApplication(root)
    const data = await shop.dump()
    write(root, prefixed('new versions/the shop', shopFiles({ version: '1.3.0', failing: FAILING })))
    const failed = await shop.update('new versions/the shop')
    expect([failed.code, await shop.dump()]).toEqual([1, data])
    write(root, prefixed('new versions/the shop', shopFiles({ version: '1.3.0' })))
    const { code, stderr } = await shop.update('new versions/the shop')
    expect(code, stderr).toBe(0)
  })

  it('of a module outside of the application, whose permissions the configuration lists', async () => {
    const shop = await openShop()
    const outside = path.join(emptyFolder(), 'shop')
    cpSync(shop.folder, outside, { recursive: true })
    renameSync(shop.folder, path.join(shop.root, 'old'))
    const config = readFileSync(path.join(shop.root, 'config/app.ts'), 'utf8')
    const entry = JSON.stringify({ folder: path.relative(shop.root, outside), permissions: ['use_db'] })
    write(shop.root, { 'config/app.ts': config.replace("['modules/*']", `[${entry}]`) })
    const data = await shop.dump()
    const failed = await shop.update(shopFolder({ version: '1.3.0', failing: FAILING }))
    expect([failed.code, readme(outside), await shop.dump()]).toEqual([1, 'shop 1.0.0\n', data])
    const more = await shop.update(
      shopFolder({ version: '1.3.0', permissions: '[use_db, use_http]' }),
      '--yes',
    )
    expect([more.code, more.stderr]).toEqual([4, expect.stringContaining('LIMBER_PERMISSIONS_LISTED')])
    const { code, stderr } = await shop.update(shopFolder({ version: '1.3.0' }))
    expect(code, stderr).toBe(0)
    expect(readme(outside)).toBe('shop 1.3.0\n')
  })

  it('from the folder around the application is refused', async () => {
    const shop = await openShop()
    const code = shop.code()
    const refused = await shop.update('.')
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('LIMBER_MODULE_SOURCE')])
    expect([shop.code(), shop.leftovers()]).toEqual([code, []])
  })

  it('that fails writes no document for programs, and --dry-run changes no file', async () => {
    const shop = await openShop()
    const own = ['config', 'modules', 'storage']
    // Who has held a lock stands in its file.
    const files = () =>
      own
        .flatMap((name) => Object.entries(filesIn(path.join(shop.root, name))))
        .filter(([name]) => !name.includes('.lock'))
    const before = files()
    const dry = await shop.update(shopFolder({ version: '1.3.0' }), '--dry-run', '--json')
    expect(JSON.parse(dry.stdout)).toMatchObject({ dryRun: true, to: '1.3.0' })
    const refused = await shop.update(shopFolder({ version: '1.0.0' }), '--dry-run', '--json')
    expect([refused.code, refused.stdout]).toEqual([4, ''])
    expect(files()).toEqual(before)
    const failed = await shop.update(shopFolder({ version: '1.3.0', failing: FAILING }), '--json')
    expect([failed.code, failed.stdout]).toEqual([1, ''])
  })
})

const disk = FULL_DISKS.find(({ way }) => way === 'a full disk')

describe.runIf(disk)('on a full disk', { timeout: 60_000 }, () => {
  it('an update leaves everything as it was, and is done when there is room', async () => {
    const first = await openShop()
    const small = disk?.make('')
    const root = path.join(small?.folder ?? '', 'shops')
    cpSync(first.root, root, { recursive: true, verbatimSymlinks: true })
    const shop = new ShopApplication(root)
    const [code, data] = [shop.code(), await shop.dump()]
    await shop.update(shopFolder({ version: '1.3.0' }), '--dry-run')
    small?.fill()
    const big = shopFolder({ version: '1.3.0', files: { 'big.txt': 'x'.repeat(100_000) } })
    for (const source of [big, shopFolder({ version: '1.3.0' })]) {
      const failed = await shop.update(source)
      expect(failed.code).not.toBe(0)
      expect(failed.stderr).toMatch(/ENOSPC|no space|disk is full|disk I\/O/i)
    }
    small?.makeRoom()
    await shop.run('module', 'list')
    expect([shop.code(), await shop.dump(), shop.leftovers()]).toEqual([code, data, []])
    const { code: exit, stderr } = await shop.update(big)
    expect(exit, stderr).toBe(0)
    expect(existsSync(path.join(shop.folder, 'big.txt'))).toBe(true)
  })
})

function prefixed(folder: string, files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text]))
}
