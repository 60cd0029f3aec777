import { execFile } from 'node:child_process'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { repository } from '../../support/run-limber.ts'
import { ModuleFolder } from './module-folder.ts'

const hooks = pathToFileURL(path.join(repository, 'bin/typescript-hooks.js')).href
const moduleCode = pathToFileURL(path.join(repository, 'src/modules/code/module-code.ts')).href
const reloadOften = pathToFileURL(path.join(import.meta.dirname, 'fixtures/reload-often.ts')).href

/** Runs a program the way limber runs: with its TypeScript and source maps. */
async function node(program: string, args: readonly string[] = []): Promise<string> {
  const start = `import { registerTypeScript } from '${hooks}'\nregisterTypeScript({ conditions: ['limber:source'] })\n`
  const { NODE_OPTIONS: _, ...env } = process.env
  const options = ['--expose-gc', '--input-type=module', '--eval', start + program, ...args]
  const { stdout } = await promisify(execFile)(process.execPath, options, { cwd: repository, env })
  return stdout.trim()
}

const shop = {
  'provider.ts': `
    import { inject, injectable } from 'limber'
    import { ModuleProvider } from 'limber/modules'
    import { Book } from './models/book.ts'
    @injectable() export class Shelf {}
    @injectable() export class Desk { constructor(readonly shelf: Shelf, @inject('log') readonly log: object) {} }
    export class Shop extends ModuleProvider { readonly model = Book }
    export const { later } = await import('./later.ts')
    export { number } from './number.ts'`,
  'later.ts': `import { number } from './number.ts'\nexport const later = () => number`,
  'models/book.ts': `
    import { Model } from 'limber/database'
    import { Entity, Property } from 'limber/database/mapping'
    @Entity() export class Book extends Model { @Property() title!: string }`,
}

test('a module that is loaded and unloaded 200 times leaves nothing behind', async () => {
  const { root } = new ModuleFolder(shop)
  const { heaps, alive, classes } = JSON.parse(await node(`await import('${reloadOften}')`, [root, '200']))
  expect({ alive, classes }).toEqual({ alive: 0, classes: 1000 })
  // Measured: some 60 KB, where modules that stay would leave 10 MB.
  expect(heaps[1] - heaps[0]).toBeLessThan(1_000_000)
})

test('an error that is thrown later tells the line that was written, also after a reload', async () => {
  const module = new ModuleFolder({
    'provider.ts': 'interface A {\n}\nexport const fail = () => { throw new Error("1") }',
  })
  const file = path.join(module.folder, 'provider.ts')
  const out = await node(
    `
    import { writeFileSync } from 'node:fs'
    const { ModuleCode } = await import('${moduleCode}')
    const [root, folder, file] = process.argv.slice(1)
    for (const text of ['', 'interface B {\\n}\\nexport const fail = () => {\\n  throw new Error("2") }']) {
      if (text) writeFileSync(file, text)
      const { fail } = await new ModuleCode({ folder, root }).import(file)
      try { fail() } catch (error) { console.log(error.stack.split('\\n')[1].trim()) }
    }`,
    [module.root, module.folder, file],
  )
  expect(out.split('\n').map((line) => line.replace(/^.*\(/, '').replace(/:\d+\)$/, ''))).toEqual([
    `${file}:3`,
    `${file}:4`,
  ])
})

test('without rolldown compiled modules are imported once, and TypeScript not at all', async () => {
  const module = new ModuleFolder({ 'provider.js': 'export const js = 1', 'routes.ts': '' })
  const out = await node(
    `
    import { registerHooks } from 'node:module'
    registerHooks({ resolve(specifier, context, next) {
      if (!specifier.startsWith('rolldown')) return next(specifier, context)
      throw Object.assign(new Error("Cannot find package 'rolldown'"), { code: 'ERR_MODULE_NOT_FOUND' })
    } })
    const { ModuleCode } = await import('${moduleCode}')
    const [root, folder] = process.argv.slice(1)
    const code = new ModuleCode({ folder, root })
    console.log((await code.part('provider'))[0].exports.js)
    await code.part('routes').catch((error) => console.log(error.code, error.message))
    code.close()
    await new ModuleCode({ folder, root }).part('provider').catch((error) => console.log(error.code, error.message))`,
    [module.root, module.folder],
  )
  expect(out.split('\n')).toEqual([
    '1',
    'LIMBER_PACKAGE_MISSING The package "rolldown" is not installed; "modules/shop/routes.ts", which is TypeScript, needs it.',
    'LIMBER_PACKAGE_MISSING The package "rolldown" is not installed; loading the module in "modules/shop" once more needs it.',
  ])
})

test('a file that throws is told with the line that was written, also where Node looks into source maps', async () => {
  const lines = Array.from({ length: 19 }, (_, index) => `console.assert(${index} >= 0)`)
  const text = ['interface A {', '}', ...lines, 'throw new Error("no shop")', ...lines]
  const module = new ModuleFolder({ 'provider.ts': text.join('\n') })
  const out = await node(
    `
    const { ModuleCode } = await import('${moduleCode}')
    const [root, folder, file] = process.argv.slice(1)
    await new ModuleCode({ folder, root }).import(file).catch((error) => console.log(error.message))`,
    [module.root, module.folder, path.join(module.folder, 'provider.ts')],
  )
  expect(out).toBe('"modules/shop/provider.ts:22" cannot be imported: no shop')
})
