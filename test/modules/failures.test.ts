import { LimberError } from 'limber'
import {
  ModuleCodeError,
  ModuleConsentError,
  ModuleNotLoadedError,
  ModulePartError,
  ModuleProviderFileError,
  ModuleSkippedError,
  ModuleStepError,
  RequiredModuleError,
} from 'limber/modules'
import { describe, expect, it } from 'vitest'
import { type ModuleFiles, type ModuleFolderOptions, withModules } from '../support/module-folder.ts'

const provider = (body: string) =>
  `import { ModuleProvider } from 'limber/modules'\nexport class Faulty extends ModuleProvider { ${body} }`

const withProvider = (body: string, manifest = ''): ModuleFiles => ({
  manifest,
  files: { 'provider.ts': provider(body) },
})

async function started(modules: Record<string, ModuleFiles>, options: ModuleFolderOptions = {}) {
  const world = await withModules(modules, options)
  await world.app.boot()
  await world.app.scope(() => undefined)
  const list = world.app.make('modules').list()
  const states = Object.fromEntries(list.map(({ name, state }) => [name, state]))
  const reasonOf = (name: string) => list.find((module) => module.name === name)?.reason
  return { ...world, states, reasonOf }
}

const healthy: ModuleFiles = withProvider('')
const failing: readonly (readonly [string, ModuleFiles, string])[] = [
  ['its constructor', withProvider('thing = (() => { throw new Error("broken") })()'), 'its import'],
  ['register()', withProvider('register() { throw new Error("broken") }'), 'register()'],
  [
    'an asynchronous register()',
    withProvider('async register() { throw new Error("broken") }'),
    'register()',
  ],
  ['boot()', withProvider('async boot() { throw new Error("broken") }'), 'boot()'],
  [
    'its services',
    withProvider(`boot() { this.app.singleton('slow', async () => { throw new Error('broken') }) }`),
    'its services',
  ],
  ['onInit()', withProvider('onInit() { throw new Error("broken") }'), 'onInit()'],
  [
    'onDatabaseReady()',
    withProvider('onDatabaseReady() { throw new Error("broken") }', 'permissions: [use_db]'),
    'onDatabaseReady()',
  ],
]

describe.each(failing)('a module that fails in %s', (_, module, step) => {
  it('is kept with its reason, logged once, and costs only those that require it', async () => {
    const { states, reasonOf, warnings, app } = await started({
      faulty: module,
      other: healthy,
      needy: { ...healthy, manifest: 'requires: { faulty: "*" }' },
    })
    expect(states).toEqual({ faulty: 'failed', other: 'loaded', needy: 'failed' })
    expect(reasonOf('faulty')).toBeInstanceOf(ModuleStepError)
    expect(reasonOf('faulty')?.message).toContain(`Module "faulty" failed in ${step}: `)
    expect(reasonOf('needy')).toBeInstanceOf(RequiredModuleError)
    expect(warnings()).toEqual([
      reasonOf('faulty')?.message,
      'Module "needy" requires "faulty", which is failed.',
    ])
    const ofFaulty = app.list().filter(({ boundBy }) => boundBy === 'module faulty')
    expect(ofFaulty).toEqual([])
    expect(() => app.make('modules').get('faulty')).toThrow(ModuleNotLoadedError)
    expect(() => app.make('modules').get('faultx')).toThrow('There is no module "faultx".')
  })

  it('stops the start where modules are strict', async () => {
    const { app } = await withModules({ faulty: module, other: healthy }, { app: { strictModules: true } })
    const start = async () => {
      await app.boot()
      await app.scope(() => undefined)
    }
    await expect(start()).rejects.toThrow(`Module "faulty" failed in ${step}`)
    await expect(start()).rejects.toThrow()
  })
})

it('a module whose code cannot be imported is told with file and line, and does not start', async () => {
  const module: ModuleFiles = { files: { 'provider.ts': '\n\nthrow new Error("broken")' } }
  const { states, reasonOf } = await started({ faulty: module, other: healthy })
  expect(states).toEqual({ faulty: 'failed', other: 'loaded' })
  expect(reasonOf('faulty')).toBeInstanceOf(ModuleCodeError)
  expect(reasonOf('faulty')?.message).toContain('modules/faulty/provider.ts:3')
  const strict = await withModules({ faulty: module }, { app: { strictModules: true } })
  await expect(strict.app.boot()).rejects.toThrow('modules/faulty/provider.ts:3')
})

it('a name in the configuration that no module has is told, with the one that may be meant', async () => {
  const modules = { config: { fautly: { start: 1 } }, databases: { other: 'off', shop: 'off' } } as const
  const { warnings } = await started({ faulty: healthy, other: healthy }, { modules })
  expect(warnings()).toEqual([
    'config in config/modules.ts names "fautly", and there is no such module. Did you mean "faulty"?',
    'databases in config/modules.ts names "shop", and there is no such module.',
  ])
})

describe('what a module has in its folder', () => {
  it.each([
    ['routes.ts', 'routes', 'nobody takes routes of modules'],
    ['handlers/start.ts', 'handlers', 'nobody takes handlers of modules'],
    ['models.ts', 'models', 'it has no permission for a database'],
    ['migrations/1.0.0.ts', 'migrations', 'it has no database of its own'],
  ])('%s is refused where it cannot be', async (file, _, reason) => {
    const { reasonOf } = await started({ shop: { files: { [file]: 'export default 1' } } })
    expect(reasonOf('shop')).toBeInstanceOf(ModulePartError)
    expect(reasonOf('shop')?.message).toContain(reason)
  })

  it.each([
    ['none', 'export const x = 1'],
    ['2', `${provider('')}\nexport class Second extends ModuleProvider {}`],
  ])('a provider.ts with %s of the classes it has to export is refused', async (count, text) => {
    const { reasonOf } = await started({ shop: { files: { 'provider.ts': text } } })
    expect(reasonOf('shop')).toBeInstanceOf(ModuleProviderFileError)
    expect(reasonOf('shop')?.message).toMatch(/^modules\/shop\/provider\.ts has to export one class/)
    expect(reasonOf('shop')?.message).toContain(`it exports ${count}`)
  })

  it('nothing at all is a module too', async () => {
    const { states } = await started({ shop: {} })
    expect(states).toEqual({ shop: 'loaded' })
  })
})

describe('consent', () => {
  it('a module that nobody has enabled is available, and nothing of it is imported', async () => {
    const { states, warnings } = await started(
      { shop: { files: { 'provider.ts': 'throw new Error("imported")' } } },
      { grant: { shop: undefined } },
    )
    expect(states).toEqual({ shop: 'available' })
    expect(warnings()).toEqual([])
  })

  it('a manifest that asks for more than the configuration grants is refused', async () => {
    const { states, reasonOf } = await started(
      { shop: { manifest: 'permissions: [use_db, use_app_db]' } },
      { grant: { shop: ['use_db'] } },
    )
    expect(states).toEqual({ shop: 'failed' })
    expect(reasonOf('shop')).toBeInstanceOf(ModuleConsentError)
    expect(reasonOf('shop')?.message).toContain(
      'what it was not granted: use_app_db (modules/shop/module.yaml',
    )
  })
})

describe('with databases of modules switched off', () => {
  const off: ModuleFolderOptions = { database: 'none' }

  it('require_db is skipped with a reason, and use_db runs without', async () => {
    const { states, reasonOf, warnings, app } = await started(
      {
        bank: { manifest: 'permissions: [require_db]' },
        shop: withProvider(
          'ready = false; onDatabaseReady() { this.ready = true }; get database() { return this.db }',
          'permissions: [use_db]',
        ),
      },
      off,
    )
    expect(states).toEqual({ bank: 'skipped', shop: 'loaded' })
    expect(reasonOf('bank')).toBeInstanceOf(ModuleSkippedError)
    expect(warnings()).toEqual([reasonOf('bank')?.message])
    const shop: unknown = app.make('modules').get('shop')
    expect(shop).toHaveProperty('ready', false)
    const database = () => Reflect.get(Object(shop), 'database')
    expect(database).toThrow(expect.objectContaining({ code: 'LIMBER_DATABASE_OFF' }))
  })

  it('a skipped module does not stop a strict start', async () => {
    const { states } = await started(
      { bank: { manifest: 'permissions: [require_db]' } },
      { ...off, app: { strictModules: true } },
    )
    expect(states).toEqual({ bank: 'skipped' })
  })
})

it('what fails in onUnload() is told at the end, and the other modules end all the same', async () => {
  const ended: string[] = []
  Object.assign(globalThis, { ended })
  const { app } = await withModules({
    bank: withProvider('onUnload() { (globalThis as any).ended.push("bank") }'),
    shop: withProvider('onUnload() { throw new Error("no end") }'),
  })
  await app.boot()
  await app.scope(() => undefined)
  const error: unknown = await app.stop().catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(LimberError)
  expect(String(error)).toContain('Module "shop" failed in onUnload(): no end')
  expect(ended).toEqual(['bank'])
})
