import path from 'node:path'
import { pathToFileURL } from 'node:url'
import * as limber from 'limber'
import { ModuleCodeError } from 'limber/modules'
import { expect, test } from 'vitest'
import * as zod from 'zod'
import { write } from '../../support/app-folder.ts'
import { ModuleFolder } from './module-folder.ts'

const tree = {
  'provider.ts': `export { deep } from './lib/a.ts'\nexport class Shop {}`,
  'lib/a.ts': `export { deep } from './b/c.ts'`,
  'lib/b/c.ts': `export const deep = 'old'`,
}

test('what was changed deep in a module is new when it is loaded again', async () => {
  const module = new ModuleFolder(tree)
  const before = await module.import()
  module.write({
    'lib/b/c.ts': `export { deep } from './new.js'`,
    'lib/b/new.js': `export const deep = 'new'`,
  })
  const after = await module.import()
  expect([before.deep, after.deep]).toEqual(['old', 'new'])
  expect(after.Shop).not.toBe(before.Shop)
})

test('an export that was removed is gone, and its importer is told the line', async () => {
  const module = new ModuleFolder(tree)
  await module.import()
  module.write({ 'provider.ts': '' })
  expect(Object.keys(await module.import())).toEqual([])
  module.write({ ...tree, 'lib/b/c.ts': 'export const deeper = 1' })
  const error = await module.import().catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(ModuleCodeError)
  expect(error).toMatchObject({
    code: 'LIMBER_MODULE_CODE',
    message: '"modules/shop/lib/a.ts:1" cannot be imported: "./b/c.ts" does not export "deep".',
    hint: 'Did you mean "deeper"?',
  })
})

test('within one load a file is evaluated once, also when it is asked for at the same time', async () => {
  const module = new ModuleFolder({ ...tree, 'other.ts': `export { Shop } from './provider.ts'` })
  const code = module.load()
  const files = ['provider.ts', 'other.ts', 'provider.ts'].map((name) => path.join(module.folder, name))
  const [first, other, again] = await Promise.all(files.map((file) => code.import(file)))
  expect(first).toBe(again)
  expect(other?.Shop).toBe(first?.Shop)
})

test('code that was unloaded imports nothing more, and its successor goes on', async () => {
  const module = new ModuleFolder({
    'provider.ts': `export const later = () => import('./late.ts')`,
    'late.ts': '',
  })
  const code = module.load()
  const file = path.join(module.folder, 'provider.ts')
  const { later } = await code.import(file)
  code.close()
  code.close()
  await Promise.resolve()
  await expect(code.import(file)).rejects.toThrow('its module was unloaded')
  await expect(Reflect.apply(Object(later), undefined, [])).rejects.toThrow(ModuleCodeError)
  expect(Object.keys(await module.import('late.ts'))).toEqual([])
})

test('a module shares the framework, packages and the files of the application with everybody', async () => {
  const module = new ModuleFolder({
    'provider.ts': `
      export { LimberError } from 'limber'
      export { ModuleProvider } from 'limber/modules'
      export { z } from 'zod'
      export { Counter } from '../../app/counter.ts'`,
  })
  write(module.root, { 'app/counter.ts': 'export class Counter {}' })
  const [one, two] = [await module.import(), await module.import()]
  const { ModuleProvider } = await import('limber/modules')
  const { Counter } = await import(pathToFileURL(path.join(module.root, 'app/counter.ts')).href)
  expect(one.LimberError).toBe(limber.LimberError)
  expect(one.ModuleProvider).toBe(ModuleProvider)
  expect(one.z).toBe(zod.z)
  expect(one.Counter).toBe(Counter)
  expect(two.Counter).toBe(Counter)
})
