/** A module is updated while the application runs: unloaded, replaced, loaded again, with those that require it. */
import type { Application } from 'limber'
import type {} from 'limber/database'
import { HttpServiceProvider } from 'limber/http'
import {
  ModuleBusyError,
  ModuleNotFoundError,
  ModulePermissionError,
  type ModuleProvider,
  ModuleSourceError,
  ModuleUpdateFailedError,
} from 'limber/modules'
import { describe, expect, it } from 'vitest'
import { emptyFolder, write } from '../../support/app-folder.ts'
import { type ModuleFiles, withModules } from '../../support/module-folder.ts'
import { migration } from '../support/shop.ts'

const MIGRATIONS: Readonly<Record<string, string>> = {
  '1.0.0':
    "create table item (id integer primary key autoincrement, what text not null); insert into item (what) values ('a book')",
  '1.1.0': "alter table item add column price integer not null default 5; update item set what = 'changed'",
  '1.2.0': "insert into item (what) values ('a pen')",
}

/** The shop at a version; what it does with its hooks can be spoiled. */
function shop(version: string, { hook = '', failing = '' } = {}): ModuleFiles {
  const versions = Object.entries(MIGRATIONS).filter(([each]) => each <= version)
  const files = versions.map(([each, sql]) => [
    `migrations/${each}.ts`,
    migration(each, each === '1.2.0' && failing ? failing : sql),
  ])
  return {
    version,
    manifest: 'permissions: [use_db, use_http, use_loader]',
    files: {
      ...Object.fromEntries(files),
      'routes.ts': `export default (router) => { router.get('/shop', () => ({ version: '${version}' })) }`,
      'provider.ts': `
        import { ModuleProvider } from 'limber/modules'
        export class Shop extends ModuleProvider {
          items() { return this.db.sessionScope((session) => session.execute('select * from item order by id')) }
          again(source) { return this.app.make('modules').update('shop', source) }
          ${hook}
        }`,
    },
  }
}

const NEEDY: ModuleFiles = {
  manifest: 'requires: { shop: "*" }',
  files: {
    'provider.ts':
      "import { ModuleProvider } from 'limber/modules'\nexport class Needy extends ModuleProvider {}",
  },
}

function sourceOf({ version = '1.0.0', manifest = '', files = {} }: ModuleFiles): string {
  const folder = emptyFolder()
  write(folder, { 'module.yaml': `name: shop\nversion: ${version}\n${manifest}\n`, ...files })
  return folder
}

async function running(first = shop('1.0.0')) {
  const world = await withModules({ shop: first, needy: NEEDY }, { providers: [HttpServiceProvider] })
  await world.app.boot()
  await world.app.scope(() => undefined)
  return { ...world, modules: world.app.make('modules') }
}

const answer = async (app: Application) => (await app.make('http').inject('/shop')).json()
const items = (app: Application, name: string = 'shop') => {
  const provider: ModuleProvider & { items?(): Promise<unknown> } = app.make('modules').get(name)
  return provider.items?.()
}
const states = (app: Application) =>
  app
    .make('modules')
    .list()
    .map(({ name, version, state }) => `${name} ${version} ${state}`)

describe('an update in a running application', { timeout: 60_000 }, () => {
  it('loads the new version, with those that require it, on a migrated database', async () => {
    const { app, modules } = await running()
    const lines: string[] = []
    const result = await modules.update('shop', sourceOf(shop('1.2.0')), { say: (line) => lines.push(line) })
    expect(result).toMatchObject({ from: '1.0.0', to: '1.2.0', migrations: ['1.1.0', '1.2.0'] })
    expect(lines).toContain('Unloading shop.')
    expect(states(app)).toEqual(['shop 1.2.0 loaded', 'needy 1.0.0 loaded'])
    expect(await answer(app)).toEqual({ version: '1.2.0' })
    expect(await items(app)).toEqual([
      { id: 1, what: 'changed', price: 5 },
      { id: 2, what: 'a pen', price: 5 },
    ])
  })

  it.each([
    ['in a migration', { failing: 'delete from item; insert into nowhere values (1)' }, 'migrating'],
    [
      'when it is loaded',
      {
        hook: "async onDatabaseReady() { await this.db.sessionScope((s) => s.execute('delete from item')); throw new Error('not ready') }",
      },
      'loading',
    ],
  ])('that fails %s answers with the old version again, on its old rows', async (_, spoiled, doing) => {
    const { app, modules } = await running()
    const update = modules.update('shop', sourceOf(shop('1.2.0', spoiled)))
    await expect(update).rejects.toThrow(ModuleUpdateFailedError)
    await expect(update).rejects.toMatchObject({ message: expect.stringContaining(`failed while ${doing}`) })
    expect(states(app)).toEqual(['shop 1.0.0 loaded', 'needy 1.0.0 loaded'])
    expect(await answer(app)).toEqual({ version: '1.0.0' })
    expect(await items(app)).toEqual([{ id: 1, what: 'a book' }])
    await modules.update('shop', sourceOf(shop('1.2.0')))
    expect(await answer(app)).toEqual({ version: '1.2.0' })
  })

  it('whose old version fails when it ends is refused, and that version answers again', async () => {
    const { app, modules } = await running(
      shop('1.0.0', { hook: "onUnload() { throw new Error('not now') }" }),
    )
    const update = modules.update('shop', sourceOf(shop('1.2.0')))
    await expect(update).rejects.toMatchObject({ message: expect.stringContaining('failed while unloading') })
    expect(states(app)).toEqual(['shop 1.0.0 loaded', 'needy 1.0.0 loaded'])
    await app
      .make('modules')
      .unload('shop', { cascade: true })
      .catch(() => undefined)
  })

  it('that is refused unloads nothing', async () => {
    const { app, modules } = await running(
      shop('1.0.0', { hook: 'onUnload() { globalThis.unloadedShop = true }' }),
    )
    Object.assign(globalThis, { unloadedShop: false })
    await expect(modules.update('shop', emptyFolder())).rejects.toThrow(ModuleSourceError)
    await expect(modules.update('shpo', emptyFolder())).rejects.toThrow(ModuleNotFoundError)
    expect(await modules.update('shop', sourceOf(shop('1.2.0')), { dryRun: true })).toMatchObject({
      dryRun: true,
    })
    expect(Reflect.get(globalThis, 'unloadedShop')).toBe(false)
    expect(await answer(app)).toEqual({ version: '1.0.0' })
  })

  it('of a module that is not loaded leaves it so, and what is listed is the new version', async () => {
    const { app, modules } = await running()
    await modules.unload('shop', { cascade: true })
    await modules.update('shop', sourceOf(shop('1.2.0')))
    expect(states(app)[0]).toBe('shop 1.2.0 unloaded')
    await modules.load('shop')
    expect(await answer(app)).toEqual({ version: '1.2.0' })
  })

  it('two at once take turns: the second one finds the version of the first', async () => {
    const { app, modules } = await running()
    const source = sourceOf(shop('1.2.0'))
    const [first, second] = await Promise.allSettled([1, 2].map(() => modules.update('shop', source)))
    expect(first).toMatchObject({ status: 'fulfilled' })
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'LIMBER_MODULE_VERSION' } })
    expect(states(app)).toEqual(['shop 1.2.0 loaded', 'needy 1.0.0 loaded'])
  })

  it('in work of the module itself, or of one that requires it, is an error and no endless wait', async () => {
    const { app, modules } = await running()
    for (const module of ['shop', 'needy']) {
      const request = { module, kind: 'request', label: 'POST /update' } as const
      const update = app.scope(() => modules.update('shop', sourceOf(shop('1.2.0'))), request)
      await expect(update).rejects.toThrow(ModuleBusyError)
      await expect(update).rejects.toThrow('request POST /update')
    }
    expect(await answer(app)).toEqual({ version: '1.0.0' })
  })

  it('in a hook of the module is an error, too', async () => {
    const hook = "onDatabaseReady() { return this.again('nowhere') }"
    const { app, modules } = await running(shop('1.0.0', { hook }))
    expect(modules.list()[0]?.reason).toBeInstanceOf(ModuleBusyError)
    expect(states(app)).toEqual(['shop 1.0.0 failed', 'needy 1.0.0 failed'])
  })

  it('needs the permission to load modules, in work of a module', async () => {
    const { app } = await withModules(
      { shop: shop('1.0.0'), other: {} },
      { grant: { other: [] }, providers: [HttpServiceProvider] },
    )
    await app.boot()
    await app.scope(() => undefined)
    const update = async () => app.make('modules').update('shop', sourceOf(shop('1.2.0')))
    const request = { module: 'other', kind: 'request', label: 'POST /update' } as const
    await expect(app.scope(update, request)).rejects.toThrow(ModulePermissionError)
  })
})
