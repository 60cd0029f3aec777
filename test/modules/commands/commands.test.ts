/** Modules are listed, enabled and disabled on the command line. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { write } from '../../support/app-folder.ts'
import { areInstalled } from '../../support/server-process.ts'
import { applicationWith, openShop } from '../support/shop.ts'

const CONFIGURED = {
  'config/app.ts': `
    import { defineApp } from 'limber'
    import { DatabaseServiceProvider } from 'limber/database'
    import { ModulesServiceProvider } from 'limber/modules'
    export default defineApp({
      name: 'shops',
      providers: [DatabaseServiceProvider, ModulesServiceProvider],
      modules: [{ folder: 'modules/shop', permissions: ['use_db'] }],
    })`,
}

describe('limber module', { timeout: 60_000 }, () => {
  it('list shows a table, and JSON for programs', async () => {
    const shop = applicationWith({ shop: {}, blog: { permissions: '[]' } })
    write(shop.root, { 'modules/broken/module.yaml': 'name: broken\nversion: 1\n' })
    const table = await shop.succeed('module', 'list')
    expect(table.split('\n')[0]).toMatch(/^name +version +state +permissions +reason$/)
    expect(table).toMatch(/^shop +1\.0\.0 +available +use_db$/m)
    expect(table).toMatch(/^broken .*failed .*module\.yaml/m)
    const modules = JSON.parse(await shop.succeed('module', 'list', '--json'))
    expect(modules.map(({ name }: { name: string }) => name).sort()).toEqual(['blog', 'broken', 'shop'])
  })

  it('info shows the manifest, the permissions and which were consented to', async () => {
    const shop = applicationWith({ shop: {} })
    const text = await shop.succeed('module', 'info', 'shop')
    expect(text).toMatch(/^description +Sells things\.$/m)
    expect(text).toMatch(/use_db +a database of its own.*\(not consented to\)$/m)
    const facts = JSON.parse(await shop.succeed('module', 'info', 'shop', '--json'))
    expect(facts).toMatchObject({
      name: 'shop',
      version: '1.0.0',
      author: 'Ada',
      granted: null,
      requires: {},
    })
  })

  it('enable keeps what was consented to, and disable forgets it', async () => {
    const shop = applicationWith({ shop: {} })
    expect(await shop.succeed('module', 'enable', 'shop', '--dry-run')).toContain('Would enable shop 1.0.0')
    expect(shop.enabled()).toBeUndefined()
    expect(await shop.succeed('module', 'enable', 'shop', '--yes')).toContain('a database of its own')
    expect(shop.enabled()).toEqual({ permissions: ['use_db'], version: '1.0.0' })
    expect(await shop.succeed('module', 'enable', 'shop')).toContain('Enabled again')
    await shop.succeed('module', 'disable', 'shop', '--dry-run')
    expect(shop.enabled()).toBeDefined()
    expect(JSON.parse(await shop.succeed('module', 'disable', 'shop', '--json'))).toMatchObject({
      wasEnabled: true,
    })
    expect(shop.enabled()).toBeUndefined()
    expect(await shop.succeed('module', 'disable', 'shop')).toContain('shop is not enabled')
  })

  it('enable needs consent where nobody can be asked', async () => {
    const shop = applicationWith({ shop: {} })
    const { code, stderr } = await shop.run('module', 'enable', 'shop')
    expect([code, stderr]).toEqual([1, expect.stringContaining('LIMBER_CONSENT_NEEDED')])
    expect(shop.enabled()).toBeUndefined()
  })

  it('enable says which modules to enable first', async () => {
    const shop = applicationWith({ shop: {}, cart: { more: 'requires: { shop: ^1.0.0, tax: ^1.0.0 }' } })
    const { code, stderr } = await shop.run('module', 'enable', 'cart', '--yes')
    expect([code, stderr]).toEqual([4, expect.stringContaining('LIMBER_MODULE_NOT_READY')])
    expect(stderr).toContain('"shop" ^1.0.0, which is not enabled')
    expect(stderr).toContain('"tax" ^1.0.0, which is not there')
    expect(stderr).toContain('run "limber module enable shop"')
  })

  it('disable refuses while an enabled module requires it', async () => {
    const shop = applicationWith({ shop: {}, cart: { more: 'requires: { shop: ^1.0.0 }' } })
    await shop.succeed('module', 'enable', 'shop', '--yes')
    await shop.succeed('module', 'enable', 'cart', '--yes')
    const { code, stderr } = await shop.run('module', 'disable', 'shop')
    expect([code, stderr]).toEqual([4, expect.stringContaining('it is required by "cart"')])
    await shop.succeed('module', 'disable', 'cart')
    await shop.succeed('module', 'disable', 'shop')
  })

  it.each(['enable', 'disable'])(
    '%s says that the configuration has the word, where it has',
    async (verb) => {
      const shop = applicationWith({ shop: {} }, CONFIGURED)
      const { code, stderr } = await shop.run('module', verb, 'shop')
      expect([code, stderr]).toEqual([4, expect.stringContaining('LIMBER_PERMISSIONS_LISTED')])
    },
  )

  it.each(['info', 'enable', 'disable'])('%s suggests a name for one that is not there', async (verb) => {
    const { code, stderr } = await applicationWith({ shop: {} }).run('module', verb, 'shpo')
    expect(code).not.toBe(0)
    expect(stderr).toContain('Did you mean "shop"?')
  })

  it('disable works when the folder of the module is gone', async () => {
    const shop = await openShop()
    write(shop.root, { 'modules/shop/module.yaml': ': broken' })
    await shop.succeed('module', 'disable', 'shop')
    expect(shop.enabled()).toBeUndefined()
  })
})

describe.runIf(areInstalled('script'))('on a terminal', { timeout: 60_000 }, () => {
  const enable = async (root: string, answer: string) => {
    const limber = `'${process.execPath}' '${path.resolve('bin/limber.js')}' module enable shop`
    const child = spawn('script', ['-qec', limber, '/dev/null'], { cwd: root })
    let said = ''
    let isAnswered = false
    child.stdout.on('data', (chunk: Buffer) => {
      said += String(chunk)
      if (isAnswered || !said.includes('Allow this?')) return
      isAnswered = true
      child.stdin.write(answer)
    })
    const [code] = await once(child, 'close')
    return { code, said: stripVTControlCharacters(said) }
  }

  it('consent is asked, with what each permission means', async () => {
    const shop = applicationWith({ shop: {} })
    const { code, said } = await enable(shop.root, 'yes\r')
    expect(said).toContain('shop 1.0.0 asks for')
    expect(said).toMatch(/use_db +a database of its own; it also runs when databases are switched off/)
    expect(code).toBe(0)
    expect(shop.enabled()).toEqual({ permissions: ['use_db'], version: '1.0.0' })
  })

  it.each(['no\r', '\u0004'])('"%s" is no consent', async (answer) => {
    const shop = applicationWith({ shop: {} })
    const { code, said } = await enable(shop.root, answer)
    expect(said).toContain('was not allowed what it asks for: use_db')
    expect(code).toBe(1)
    expect(shop.enabled()).toBeUndefined()
  })
})
