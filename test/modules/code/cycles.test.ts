import path from 'node:path'
import { ModuleCodeError } from 'limber/modules'
import { expect, test } from 'vitest'
import { ModuleFolder, run } from './module-folder.ts'

test('files that import each other see functions at once and values when they are used later', async () => {
  const exports = await run({
    'provider.ts': `
      import { early } from './b.ts'
      export function hoisted() { return 'hoisted' }
      export const value = 'value'
      export { early }
      export { later } from './b.ts'`,
    'b.ts': `
      import { hoisted, value } from './provider.ts'
      export const early = hoisted()
      export const later = () => value`,
  })
  expect(exports.early).toBe('hoisted')
  expect(Reflect.apply(Object(exports.later), undefined, [])).toBe('value')
})

test('a value that is used before it is there is an error that names both files and the line', async () => {
  const error = await run({
    'provider.ts': `import './b.ts'\nexport class Base {}`,
    'b.ts': `import { Base } from './provider.ts'\n\nexport class Sub extends Base {}`,
  }).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(ModuleCodeError)
  expect(error).toMatchObject({
    message:
      '"modules/shop/b.ts:3" cannot be imported: "Base" of modules/shop/provider.ts is used before it is there: this file and the one that uses it import each other.',
    cause: expect.any(ReferenceError),
  })
})

test('files that import each other run in one order, whichever of them is asked for first', async () => {
  const module = new ModuleFolder({
    'a.ts': `import './b.ts'\nawait 1\nexport const a = 1`,
    'b.ts': `import { a } from './a.ts'\nawait 1\nexport const b = () => a`,
  })
  const code = module.load()
  const [, b] = await Promise.all(['a.ts', 'b.ts'].map((name) => code.import(path.join(module.folder, name))))
  expect(Reflect.apply(Object(b?.b), undefined, [])).toBe(1)
})

test('a file may wait for one that it imports on the way, which needs what others wait for', async () => {
  const exports = await run({
    'provider.ts': `import { a } from './a.ts'\nimport { shared } from './shared.ts'\nexport { a, shared }`,
    'a.ts': `export const { x: a } = await import('./x.ts')`,
    'x.ts': `import { shared } from './shared.ts'\nimport './a.ts'\nexport const x = shared + 1`,
    'shared.ts': 'export const shared = 1',
  })
  expect(exports).toMatchObject({ a: 2, shared: 1 })
})
