import { readFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { write } from '../../support/app-folder.ts'
import { ModuleFolder, run } from './module-folder.ts'

test('a part is its file and everything below its folder, sorted, without tests and declarations', () => {
  const module = new ModuleFolder({
    'routes.ts': '',
    'routes/z.ts': '',
    'routes/admin/a.mts': '',
    'routes/b.mjs': '',
    'routes/z.test.ts': '',
    'routes/types.d.ts': '',
    'routes/notes.md': '',
    'routes/node_modules/x/index.js': '',
    'router.ts': '',
  })
  const names = module.load().files('routes')
  expect(names.map((name) => path.relative(module.folder, name))).toEqual([
    'routes.ts',
    'routes/admin/a.mts',
    'routes/b.mjs',
    'routes/z.ts',
  ])
  expect(module.load().files('commands')).toEqual([])
})

test('of a source and what was compiled from it, the source counts', () => {
  const module = new ModuleFolder({
    'provider.ts': '',
    'provider.js': '',
    'routes/a.js': '',
    'routes/a.ts': '',
  })
  expect(module.load().files('provider')).toEqual([path.join(module.folder, 'provider.ts')])
  expect(module.load().files('routes')).toEqual([path.join(module.folder, 'routes/a.ts')])
})

test('the files of a part come with their paths from the root of the application', async () => {
  const module = new ModuleFolder({ 'routes/a.ts': 'export const a = 1', 'routes.ts': 'export default "b"' })
  const files = await module.load().part('routes')
  expect(files.map(({ path, exports }) => [path, { ...exports }])).toEqual([
    ['modules/shop/routes.ts', { default: 'b' }],
    ['modules/shop/routes/a.ts', { a: 1 }],
  ])
})

test('a file waits for what it awaits, and exports what others export', async () => {
  const exports = await run({
    'provider.ts': `
      import { later } from './later.ts'
      import * as all from './all.ts'
      export * from './all.ts'
      export * as everything from './all.ts'
      export { one as uno } from './all.ts'
      export const keys = Object.keys(all)
      export default later + 1`,
    'later.ts': `export const later = await new Promise<number>((resolve) => setImmediate(() => resolve(1)))`,
    'all.ts': `export * from './more.ts'\nexport const one = 1\nexport default 'stays'`,
    'more.ts': `export const two = 2\nexport const one = 'hidden by the nearer one'`,
  })
  expect(exports).toMatchObject({ default: 2, one: 1, two: 2, uno: 1, keys: ['default', 'one', 'two'] })
  expect(exports.everything).toMatchObject({ default: 'stays', one: 1 })
})

test('an export changes for everybody when it changes in its file, and nobody else can change it', async () => {
  const exports = await run({
    'provider.ts': `
      import { count, raise } from './count.ts'
      raise()
      export { count, raise } from './count.ts'
      export const seen = count`,
    'count.ts': 'export let count = 0\nexport function raise() { count += 1 }',
  })
  expect(exports).toMatchObject({ count: 1, seen: 1 })
  expect(() => Object.assign(exports, { count: 5 })).toThrow(TypeError)
})

test('what a file imports runs before it, in the order of its imports, and once', async () => {
  const note = (name: string) => `globalThis.ranInOrder = [...(globalThis.ranInOrder ?? []), '${name}']`
  await run({
    'provider.js': '',
    'provider.ts': `import './a.ts'\nimport './b.ts'\nimport './a.ts'\n${note('provider')}`,
    'a.ts': `import './deep.ts'\n${note('a')}`,
    'b.ts': `import './deep.ts'\n${note('b')}`,
    'deep.ts': note('deep'),
  })
  expect(Reflect.get(globalThis, 'ranInOrder')).toEqual(['deep', 'a', 'b', 'provider'])
})

test('import() gives the file of the same load, also of another place and by a computed name', async () => {
  const exports = await run({
    'provider.ts': `
      import * as eager from './lib/one.ts'
      const lazy = await import(\`./lib/\${'one'}.ts\`)
      export const isSame = lazy === eager
      export const later = () => import('./lib/two.ts')`,
    'lib/one.ts': 'export const name = "one"',
    'lib/two.ts': `import { name } from './one.ts'\nexport const both = name + ' two'`,
  })
  expect(exports.isSame).toBe(true)
  expect(await Reflect.apply(Object(exports.later), undefined, [])).toMatchObject({ both: 'one two' })
})

test('JSON can be imported, at once and later, from the module and from outside', async () => {
  const module = new ModuleFolder({
    'provider.ts': `
      import near from './near.json' with { type: 'json' }
      import far from '../../far.json' with { type: 'json' }
      const later = await import('./near.json', { with: { type: 'json' } })
      const farLater = await import('../../far.json', { with: { type: 'json' } })
      export default [near, far, later.default, farLater.default]`,
    'near.json': '{ "near": 1 }',
  })
  write(module.root, { 'far.json': '{ "far": 2 }' })
  expect((await module.import()).default).toEqual([{ near: 1 }, { far: 2 }, { near: 1 }, { far: 2 }])
})

test('a file knows where it is, and has nothing of CommonJS', async () => {
  const module = new ModuleFolder({
    'provider.ts': `
      export const { url, dirname, filename } = import.meta
      export const near = import.meta.resolve('./near.ts')
      export const zod = import.meta.resolve('zod')
      export const fs = import.meta.resolve('fs')
      export const names = [typeof require, typeof module, typeof exports, typeof __filename, typeof this]`,
  })
  const file = path.join(module.folder, 'provider.ts')
  expect(await module.import()).toMatchObject({
    url: pathToFileURL(file).href,
    dirname: module.folder,
    filename: file,
    near: pathToFileURL(path.join(module.folder, 'near.ts')).href,
    zod: expect.stringContaining('/zod/index.'),
    fs: 'node:fs',
    names: Array(5).fill('undefined'),
  })
})

test('CommonJS packages come as Node gives them, also those of the module itself', async () => {
  const exports = await run({
    'node_modules/old/package.json': '{ "name": "old", "main": "index.js" }',
    'node_modules/old/index.js': 'exports.named = 1',
    'provider.ts': `
      import fs, { readFileSync } from 'node:fs'
      import old, { named } from 'old'
      export const same = fs.readFileSync === readFileSync
      export { old, named, readFileSync }`,
  })
  expect(exports).toMatchObject({ same: true, old: { named: 1 }, named: 1, readFileSync })
})

test('names of the package.json lead to files of the module and of the application', async () => {
  const module = new ModuleFolder({
    'provider.ts': `export { a } from '#shop/a'\nexport { b } from '#b'`,
    'a.ts': 'export const a = 1',
  })
  const imports = { '#shop/*': './modules/shop/*.ts', '#b': './b.ts' }
  write(module.root, {
    'package.json': JSON.stringify({ type: 'module', imports }),
    'b.ts': 'export const b = 2',
  })
  expect(await module.import()).toMatchObject({ a: 1, b: 2 })
})

test('classes and functions keep their names', async () => {
  const exports = await run({
    'provider.ts': `
      import { injectable } from 'limber'
      @injectable() export class Shop {}
      export class Plain {}
      export const arrow = () => 1
      export default class {}`,
  })
  const names = Object.values(exports).map((value) => Object(value).name)
  expect(names.sort()).toEqual(['Plain', 'Shop', 'arrow', 'default'])
})

test('files may be called anything', async () => {
  const names = [
    'with space.ts',
    'ünïcödé 書.ts',
    'a#b.ts',
    'a?b.ts',
    '100%.ts',
    '%23.ts',
    "it's (1).ts",
    'a:1:2.ts',
  ]
  const imports = names.map(
    (name, index) => `import f${index} from './${encodeURIComponent(name).replaceAll("'", '%27')}'`,
  )
  const module = new ModuleFolder({
    ...Object.fromEntries(
      names.map((name) => [`odd #1 ?/${name}`, `export default ${JSON.stringify(name)}`]),
    ),
    'odd #1 ?/index.ts': `${imports.join('\n')}\nexport default [${names.map((_, index) => `f${index}`)}]`,
  })
  expect((await module.import('odd #1 ?/index.ts')).default).toEqual(names)
  const files = await module.load().part('odd #1 ?')
  expect(files.map(({ path }) => path)).toHaveLength(names.length + 1)
})

test('a folder that is a link is the same module, and messages keep its name', async () => {
  const { symlinkSync, mkdirSync, renameSync } = await import('node:fs')
  const module = new ModuleFolder({ 'provider.ts': `import './b.ts'\nexport const a = 1`, 'b.ts': '' })
  mkdirSync(path.join(module.root, 'elsewhere'))
  renameSync(module.folder, path.join(module.root, 'elsewhere/shop'))
  symlinkSync(path.join(module.root, 'elsewhere/shop'), module.folder)
  const [file] = await module.load().part('provider')
  expect(file).toMatchObject({ path: 'modules/shop/provider.ts', exports: { a: 1 } })
  expect(readFileSync(path.join(module.folder, 'b.ts'), 'utf8')).toBe('')
  module.write({ 'b.ts': 'throw new Error("no")' })
  await expect(module.import()).rejects.toThrow('"modules/shop/b.ts:1" cannot be imported: no')
})
