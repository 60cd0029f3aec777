import type { Application, ModulePart } from 'limber'
import { ServiceProvider } from 'limber'
import type {} from 'limber/database'
import { type ModuleDraft, ModuleExtension, NoModuleDatabaseError } from 'limber/modules'
import { TestApplication } from 'limber/testing'
import { expect, it } from 'vitest'
import { type ModuleFiles, moduleFolder, withModules } from '../support/module-folder.ts'
import { SALE_MODEL } from './support/sale-model.ts'

const command = (name: string, key: string, needs = ''): ModuleFiles => ({
  manifest: 'permissions: [use_db]',
  files: {
    [`commands/${name}.ts`]: `
import { inject, injectable } from 'limber'
import { defineCommand, Output } from 'limber/console'
const definition = defineCommand({ name: '${name}', description: 'A command.' ${needs} })
@injectable()
export class TheCommand {
  static readonly definition = definition
  constructor(@inject('output') private readonly output: Output, @inject('app') private readonly app: any) {}
  async run() {
    const scope = this.app.currentScope()
    this.output.line(scope.module + ' ' + this.app.make('modules.databases').all().length + ' ' + this.app.has('${key}'))
    this.app.make('${key}')
  }
}`,
  },
})

const run = (app: Application, ...argv: string[]) => new TestApplication(app).run(...argv)

it('commands of a module are listed as its own, and run on its behalf when its life has begun', async () => {
  const { app } = await withModules({ shop: command('sell', 'db.session') })
  await app.boot()
  expect((await run(app, 'list')).stdout).toMatch(/sell +A command\. +module shop/)
  const sold = await run(app, 'sell')
  expect(sold.exitCode).not.toBe(0)
  expect(sold.stderr).toContain('LIMBER_MODULE_PERMISSION')
})

it('a command whose name is taken costs the module that command and is logged', async () => {
  const { app, warnings } = await withModules({ shop: command('doctor', 'log') })
  await app.boot()
  expect((await run(app, 'list')).stdout).toMatch(/doctor .* limber/)
  expect(warnings()[0]).toContain('doctor')
})

it('limber doctor counts modules, and says why those have failed that have', async () => {
  const broken: ModuleFiles = { files: { 'provider.ts': '\nthrow new Error("broken")' } }
  const sound = await withModules({ shop: {}, bank: {} })
  await sound.app.boot()
  expect(await run(sound.app, 'doctor')).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/ok +modules: 2 loaded\n/),
  })
  const { app } = await withModules({ shop: broken, bank: broken })
  await app.boot()
  const { exitCode, stdout } = await run(app, 'doctor')
  expect(exitCode).toBe(1)
  for (const name of ['shop', 'bank']) expect(stdout).toContain(`modules/${name}/provider.ts:2`)
})

it('limber services says which module has bound a service', async () => {
  const { app } = await withModules({ shop: { manifest: 'permissions: [use_db]' } })
  await app.boot()
  expect((await run(app, 'services')).stdout).toMatch(/db\.session\.shop +scoped +module shop/)
})

it('base extensions alter every module, in their order, before it is registered', async () => {
  const seen: string[] = []
  class First extends ModuleExtension {
    extend(module: ModuleDraft) {
      seen.push(`first ${module.manifest.name}`)
      module.commands = []
    }
  }
  class Second extends ModuleExtension {
    async extend(module: ModuleDraft) {
      seen.push(`second ${module.commands.length}`)
    }
  }
  const { app } = await withModules(
    { shop: command('sell', 'log'), bank: {} },
    { modules: { extensions: [First, Second] } },
  )
  await app.boot()
  expect(seen.toSorted()).toEqual(['first bank', 'first shop', 'second 0', 'second 0'])
  expect((await run(app, 'list')).stdout).not.toContain('sell')
})

it('an extension that fails costs the module that it was altering', async () => {
  class Picky extends ModuleExtension {
    extend({ manifest }: ModuleDraft) {
      if (manifest.name === 'shop') throw new Error('not this one')
    }
  }
  const { app } = await withModules({ shop: {}, bank: {} }, { modules: { extensions: [Picky] } })
  await app.boot()
  await app.scope(() => undefined)
  const states = app
    .make('modules')
    .list()
    .map(({ name, state }) => `${name} ${state}`)
  expect(states.toSorted()).toEqual(['bank loaded', 'shop failed'])
})

it('the files of a part are taken by who offers it, and taken away before onUnload()', async () => {
  const seen: string[] = []
  Object.assign(globalThis, { partNotes: seen })
  const part: ModulePart = {
    name: 'pages',
    permission: 'use_http',
    add: async (owner, files) => {
      seen.push(`add ${owner.name} ${files.map((file) => `${file.path} ${Object.keys(file.exports)}`)}`)
      return async () => void seen.push(`remove ${owner.name}`)
    },
  }
  class Pages extends ServiceProvider {
    override register() {
      this.app.instance('pages' as 'app', part as never)
      this.app.tag('module part', 'pages' as never)
    }
  }
  const files = {
    'pages.ts': 'export const home = 1',
    'provider.ts': `import { ModuleProvider } from 'limber/modules'
export class Shop extends ModuleProvider {
  onInit() { (globalThis as any).partNotes.push('onInit') }
  onUnload() { (globalThis as any).partNotes.push('onUnload') }
}`,
  }
  const { app } = await withModules(
    { shop: { manifest: 'permissions: [use_http]', files }, bank: { files } },
    { providers: [Pages] },
  )
  await app.boot()
  await app.scope(() => undefined)
  expect(
    app
      .make('modules')
      .list()
      .find(({ name }) => name === 'bank')?.reason?.message,
  ).toContain('use_http')
  await app.make('modules').unload('shop')
  expect(seen).toEqual(['onInit', 'add shop modules/shop/pages.ts home', 'remove shop', 'onUnload'])
})

it('the databases of modules are told, and opened before their life has begun', async () => {
  const { app } = await withModules({ shop: { manifest: 'permissions: [use_db]' }, bank: {} })
  await app.boot()
  const databases = app.make('modules.databases')
  expect(databases.all()).toEqual([])
  const source = await databases.open('shop')
  expect(source).toMatchObject({ module: 'shop', connection: 'modules.shop', version: '1.0.0' })
  await app.make('db').connection('modules.shop').ping()
  await app.scope(() => undefined)
  expect(databases.all()).toEqual([source])
  await expect(databases.open('bank')).rejects.toThrow(NoModuleDatabaseError)
  await expect(databases.open('bang')).rejects.toMatchObject({ code: 'LIMBER_MODULE_NOT_FOUND' })
})

it('two applications in one process each have their own life of the same module', async () => {
  const shop: ModuleFiles = {
    manifest: 'permissions: [use_db]',
    files: {
      'models.ts': SALE_MODEL,
      'provider.ts': `
import { ModuleProvider } from 'limber/modules'
import { Sale } from './models.ts'
export class Shop extends ModuleProvider {
  sell(item: string) { return this.app.scope(() => void Sale.create({ item })) }
  items() { return this.app.scope(async () => (await Sale.all()).map((sale: any) => sale.item)) }
}`,
    },
  }
  const [north, south] = [await withModules({ shop }), await withModules({ shop })]
  for (const { app } of [north, south]) {
    await app.boot()
    await app.scope(() => undefined)
  }
  const shopOf = ({ app }: typeof north) => Object(app.make('modules').get('shop'))
  await shopOf(north).sell('a')
  await shopOf(south).sell('b')
  expect([await shopOf(north).items(), await shopOf(south).items()]).toEqual([['a'], ['b']])
  await north.app.scope(() => south.app.scope(() => south.app.make('db').ping()), { module: 'shop' })
  await north.app.make('modules').unload('shop')
  expect(await shopOf(south).items()).toEqual(['b'])
})

it('after boot nothing is connected', async () => {
  const root = moduleFolder({ shop: { manifest: 'permissions: [use_db]' } })
  const { app } = await withModules(root, {
    app: { modules: [{ folder: 'modules/shop', permissions: ['use_db'] }] },
  })
  await app.boot()
  expect(() => app.make('db')).toThrow(expect.objectContaining({ code: 'LIMBER_ASYNC_SERVICE' }))
  expect(app.make('modules').list()[0]).toMatchObject({ state: 'unloaded', database: undefined })
})
