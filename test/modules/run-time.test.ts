import { writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Application } from 'limber'
import type {} from 'limber/database'
import {
  ModuleBusyError,
  ModuleInUseError,
  ModuleNotFoundError,
  ModuleNotLoadedError,
  type ModuleProvider,
} from 'limber/modules'
import { describe, expect, it } from 'vitest'
import { type ModuleFiles, withModules, writeModule } from '../support/module-folder.ts'

const answering = (answer: number, more = '', manifest = ''): ModuleFiles => ({
  manifest,
  files: {
    'provider.ts': `
import { ModuleProvider } from 'limber/modules'
export class Answering extends ModuleProvider {
  register() { this.app.singleton('answer.${answer}', () => ({ [Symbol.dispose]: () => (globalThis as any).disposed?.push(${answer}) })) }
  answer() { return ${answer} }
  ${more}
}`,
  },
})

const answerOf = (app: Application, name: string) => {
  const provider: ModuleProvider & { answer?(): number } = app.make('modules').get(name)
  return provider.answer?.()
}

const stateOf = (app: Application, name: string) =>
  app
    .make('modules')
    .list()
    .find((module) => module.name === name)?.state

describe('unload', () => {
  it('takes what the module has bound, and its singletons end', async () => {
    const disposed: number[] = []
    Object.assign(globalThis, { disposed })
    const { app } = await withModules({ shop: answering(1, '', 'permissions: [use_db]') })
    await app.boot()
    await app.scope(() => undefined)
    const info = () => app.make('modules').list()[0]
    expect(info()?.bindings).toEqual(['db.session.shop', 'answer.1'])
    expect(info()?.database).toContain('shop.sqlite')
    app.make('answer.1' as 'app')
    await app.make('modules').unload('shop')
    expect(disposed).toEqual([1])
    expect([info()?.state, info()?.bindings, info()?.database]).toEqual(['unloaded', [], undefined])
    expect(() => app.make('answer.1' as 'app')).toThrow('Nothing is bound to "answer.1".')
    expect(() => app.make('db').connection('modules.shop')).toThrow('There is no connection')
    expect(() => app.make('modules').get('shop')).toThrow(ModuleNotLoadedError)
    await app.make('modules').load('shop')
    expect(answerOf(app, 'shop')).toBe(1)
  })

  it('is refused while others require the module, unless they are to go with it', async () => {
    const { app } = await withModules({
      shop: answering(1, '', 'requires: { bank: "*" }'),
      bank: answering(2),
    })
    await app.boot()
    const modules = app.make('modules')
    await expect(modules.unload('bank')).rejects.toThrow(ModuleInUseError)
    await modules.unload('bank', { cascade: true })
    expect(modules.list().map(({ state }) => state)).toEqual(['unloaded', 'unloaded'])
    await modules.load('shop')
    expect(modules.list().map(({ state }) => state)).toEqual(['loaded', 'loaded'])
  })

  it('of a module that is not there names the nearest', async () => {
    const { app } = await withModules({ shop: {} })
    await app.boot()
    const refused = app.make('modules').unload('shopp')
    await expect(refused).rejects.toThrow(ModuleNotFoundError)
    await expect(refused).rejects.toMatchObject({ hint: 'Did you mean "shop"?' })
  })
})

describe('reload', () => {
  it('runs the new code, with those that require it', async () => {
    const { app, root } = await withModules({
      shop: answering(1),
      needy: answering(5, '', 'requires: { shop: "*" }'),
    })
    await app.boot()
    writeModule(root, 'shop', { ...answering(2), version: '1.1.0' })
    writeModule(root, 'needy', answering(6, '', 'requires: { shop: "*" }'))
    await app.make('modules').reload('shop')
    expect([answerOf(app, 'shop'), answerOf(app, 'needy')]).toEqual([2, 6])
    expect(app.make('modules').list()[0]?.version).toBe('1.1.0')
  })

  it('of code that fails leaves the module failed, and the others live; corrected code loads both again', async () => {
    const { app, root } = await withModules({
      shop: answering(1),
      needy: answering(5, '', 'requires: { shop: "*" }'),
      other: answering(7),
    })
    await app.boot()
    const modules = app.make('modules')
    writeModule(root, 'shop', { files: { 'provider.ts': 'throw new Error("new fault")' } })
    await expect(modules.reload('shop')).rejects.toThrow('new fault')
    expect(['shop', 'needy', 'other'].map((name) => stateOf(app, name))).toEqual([
      'failed',
      'failed',
      'loaded',
    ])
    writeModule(root, 'shop', answering(3))
    await modules.reload('shop')
    expect(['shop', 'needy', 'other'].map((name) => answerOf(app, name))).toEqual([3, 5, 7])
  })

  it('asks again for consent when the manifest asks for more', async () => {
    const { app, root } = await withModules({ shop: {} }, { grant: { shop: [] } })
    await app.boot()
    writeModule(root, 'shop', { manifest: 'permissions: [use_db]' })
    await expect(app.make('modules').reload('shop')).rejects.toThrow('what it was not granted: use_db')
    expect(stateOf(app, 'shop')).toBe('failed')
    writeModule(root, 'shop', {})
    await app.make('modules').load('shop')
    expect(stateOf(app, 'shop')).toBe('loaded')
  })
})

describe('many at once', () => {
  it('take turns, and the last one decides', async () => {
    const { app } = await withModules({
      shop: answering(1),
      bank: answering(2, '', 'requires: { shop: "*" }'),
    })
    await app.boot()
    const modules = app.make('modules')
    const calls = Array.from({ length: 8 }, (_, index) => [
      modules.reload('shop'),
      modules.unload('shop', { cascade: true }),
      modules.load(index % 2 ? 'shop' : 'bank'),
    ])
    await Promise.all(calls.flat())
    expect(answerOf(app, 'shop')).toBe(1)
    await modules.load('bank')
    expect(answerOf(app, 'bank')).toBe(2)
  })

  it('the application that stops meanwhile waits for them, and then nothing is loaded any more', async () => {
    const { app } = await withModules({ shop: answering(1) })
    await app.boot()
    await app.scope(() => undefined)
    const modules = app.make('modules')
    const reload = modules.reload('shop')
    const stop = app.stop()
    const [outcome] = await Promise.allSettled([reload, stop])
    if (outcome?.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'LIMBER_WRONG_STATE' })
    await stop
    await expect(modules.load('shop')).rejects.toMatchObject({ code: 'LIMBER_CONTAINER_DISPOSED' })
    expect(modules.list()[0]?.state).toBe('unloaded')
  })
})

describe('a call that would wait for itself', () => {
  it.each(['onInit', 'onUnload', 'onDatabaseReady'])('in %s() is an error', async (hook) => {
    const body = `${hook}() { return this.app.make('modules').reload('shop') }`
    const { app } = await withModules({ shop: answering(1, body, 'permissions: [use_loader, use_db]') })
    await app.boot()
    if (hook === 'onUnload') {
      await app.scope(() => undefined)
      await expect(app.make('modules').unload('shop')).rejects.toThrow(ModuleBusyError)
      return
    }
    await app.scope(() => undefined)
    expect(app.make('modules').list()[0]?.reason).toBeInstanceOf(ModuleBusyError)
  })

  it('in work of the module itself is an error; another module it may reload', async () => {
    const { app } = await withModules({
      loader: answering(1, '', 'permissions: [use_loader]'),
      shop: answering(2),
    })
    await app.boot()
    const onBehalf = (name: string) =>
      app.scope(() => app.make('modules').reload(name), { module: 'loader', kind: 'request', label: 'GET /' })
    await expect(onBehalf('loader')).rejects.toThrow(
      'modules.reload("loader") was called in request GET /, and would wait for that itself.',
    )
    await onBehalf('shop')
    expect(answerOf(app, 'shop')).toBe(2)
  })
})

it('asynchronous singletons of a module are there when it is loaded', async () => {
  const body = `boot() { this.app.singleton('slow', async () => { await null; return 'slow' }) }`
  const { app } = await withModules({ shop: answering(1, body) })
  await app.boot()
  await app.scope(() => undefined)
  expect(app.make('slow' as 'app')).toBe('slow')
  await app.make('modules').reload('shop')
  expect(app.make('slow' as 'app')).toBe('slow')
})

it('a module that comes while the application runs is found when it is loaded', async () => {
  const { app, root } = await withModules({ shop: {} }, { app: { modules: ['modules/*'] } })
  await app.boot()
  writeModule(root, 'late', answering(9))
  const modules = app.make('modules')
  await expect(modules.load('late')).rejects.toThrow('Module "late" is not loaded; it is available.')
  writeState(root, { late: { permissions: [], version: '1.0.0' } })
  await modules.load('late')
  expect(answerOf(app, 'late')).toBe(9)
})

function writeState(root: string, entries: object): void {
  writeModule(root, '../storage/modules/x', {})
  writeFileSync(
    path.join(root, 'storage/modules/modules.json'),
    JSON.stringify({ format: 1, modules: entries }),
  )
}
