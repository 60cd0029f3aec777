import { ModuleCodeError } from 'limber/modules'
import { expect, test } from 'vitest'
import { type Files, ModuleFolder, run } from './module-folder.ts'

/** Lines that are not there any more when the file has been compiled. */
const types = 'interface Shelf {\n  books: string[]\n}\n'

async function fault(files: Files): Promise<ModuleCodeError> {
  const error = await run(files).then(
    () => 'nothing was thrown',
    (reason: unknown) => reason,
  )
  if (!(error instanceof ModuleCodeError)) throw new Error('another error', { cause: error })
  return error
}

test.each([
  ['throws', `${types}throw new Error('no shelf')`, '4" cannot be imported: no shelf'],
  [
    'throws in a function',
    `${types}const f = (): never => {\n  throw new Error('deep')\n}\nf()`,
    '5" cannot be imported: deep',
  ],
  [
    'does not compile',
    `${types}const a = )`,
    '4" cannot be imported: it does not compile: Unexpected token.',
  ],
  ['lacks a file', `${types}import './nothing.ts'`, '4" cannot be imported: "./nothing.ts" is not there.'],
  [
    'lacks a package',
    `${types}import 'no-such-package'`,
    `4" cannot be imported: Cannot find package 'no-such-package'`,
  ],
  [
    'lacks an export of a package',
    `${types}import { zz } from 'zod'`,
    '4" cannot be imported: "zod" does not export "zz".',
  ],
])('a file that %s is told with its line', async (_, text, message) => {
  const error = await fault({ 'provider.ts': `import './lib/a.ts'`, 'lib/a.ts': text })
  expect(error.message).toContain(`"modules/shop/lib/a.ts:${message}`)
  expect(error.hint).toBeTypeOf('string')
})

test('an error of the framework stays the cause, with its hint', async () => {
  const error = await fault({
    'provider.ts': `${types}
      import { ConfigFileError } from 'limber'
      throw new ConfigFileError('config/a.ts', 'it is bad.', 'Make it good.')`,
  })
  expect(error.message).toMatch(
    /^"modules\/shop\/provider\.ts:6" cannot be imported: config\/a\.ts cannot be used/,
  )
  expect(error).toMatchObject({ hint: 'Make it good.', cause: { code: 'LIMBER_CONFIG_FILE' } })
})

test('what is thrown need not be an error', async () => {
  expect((await fault({ 'provider.ts': `throw 'words'` })).message).toBe(
    '"modules/shop/provider.ts" cannot be imported: words',
  )
})

test('a file that is not there is named', async () => {
  await expect(new ModuleFolder().import('nothing.ts')).rejects.toThrow(
    '"modules/shop/nothing.ts" cannot be imported: it is not there.',
  )
})

test('a corrected file loads, and a file that failed fails again within the same load', async () => {
  const module = new ModuleFolder({ 'provider.ts': `throw new Error('no')` })
  const code = module.load()
  await expect(code.part('provider')).rejects.toThrow('no')
  module.write({ 'provider.ts': 'export const fine = true' })
  await expect(code.part('provider')).rejects.toThrow('no')
  expect(await module.import()).toMatchObject({ fine: true })
})

test('what the compiler says has no colours: it may end up in a file', async () => {
  const { cause } = await fault({ 'provider.ts': 'const a = )' })
  expect(String(cause)).toMatch(/^SyntaxError: \[PARSE_ERROR\] Unexpected token/)
})
