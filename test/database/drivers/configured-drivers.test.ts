import { execFileSync } from 'node:child_process'
import { DatabaseOffError, fromUrl, nullDriver } from 'limber/database'
import { describe, expect, it } from 'vitest'
import { Author } from '../fixtures/library.ts'
import { bootLibrary, commandsIn, tempFolder, write } from '../support/library-application.ts'

const DRIVER = `
  import { sqlite } from 'limber/database/sqlite'
  export const value = sqlite({ file: 'named.sqlite' })
  export const make = () => sqlite({ file: 'named.sqlite' })
  export const later = async () => sqlite({ file: 'named.sqlite' })
  export class MyDriver { constructor() { Object.assign(this, value, { name: 'mine' }) } }
  export const half = { ...value, name: '', load: undefined }
  export const none = null
  export const failing = () => { throw new Error('no licence') }
  export default value
`

async function opened(main: string, files: Record<string, string> = { 'drivers/my-driver.ts': DRIVER }) {
  const root = tempFolder()
  write(root, files)
  const { app } = await bootLibrary({ root, models: [], database: { connections: { main } } })
  await app.ready(['db'])
  return app
}

describe('a driver that is named by a text', () => {
  it.each(['value', 'make', 'later', 'MyDriver', 'default'])('is what a file exports as %s', async (name) => {
    const app = await opened(`./drivers/my-driver.ts#${name}`)
    expect(await app.make('db.connection').execute('select 1 as one')).toEqual([{ one: 1 }])
    expect(app.make('db.connection').driver.name).toBe(name === 'MyDriver' ? 'mine' : 'sqlite')
  })

  it('is the default export when it names none, what a package exports, or a URL', async () => {
    await opened('./drivers/my-driver.ts')
    const fromPackage = opened('my-drivers#value', {
      'node_modules/my-drivers/package.json': '{ "type": "module", "exports": "./index.js" }',
      'node_modules/my-drivers/index.js': `export const value = {
        name: 'mine', dialect: 'sqlite', label: 'mine:', hasOneWriter: true, scratch: () => value,
        isUnavailable: () => false, load: () => Promise.reject(new Error('asked the package')),
      }`,
    })
    await expect(fromPackage).rejects.toThrow('asked the package')
    const app = await opened('sqlite::memory:')
    expect(app.make('db.connection').driver.label).toBe('sqlite::memory:')
  })

  it.each([
    ['./drivers/my-driver.ts#MyDrivr', /no export "MyDrivr"/, /Did you mean "MyDriver"/],
    ['./drivers/my-driver.ts#half', /without name \(a text\), load \(a method\)/, /interface Driver/],
    ['./drivers/my-driver.ts#none', /it is null, not a driver/, /interface Driver/],
    ['./drivers/my-driver.ts#failing', /it gives no driver: no licence/, /without arguments/],
    ['./drivers/elsewhere.ts#MyDriver', /cannot be imported/, /from the root of the application/],
    ['no-such-package#driver', /cannot be imported/, /install the package/],
  ])('%s is refused when the database is opened', async (main, message, hint) => {
    await expect(opened(main)).rejects.toMatchObject({
      code: 'LIMBER_DRIVER_IMPORT',
      kind: 'invalid',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    })
  })

  it('is not asked for by a boot', async () => {
    const { app } = await bootLibrary({ database: { connections: { main: './gone.ts#Driver' } } })
    expect(app.state).toBe('booted')
  })
})

describe('a database that is switched off', () => {
  it.each([nullDriver(), fromUrl('null:')])(
    'is an error for those who ask for it, and for nobody else',
    async (driver) => {
      const { app } = await bootLibrary({ driver, models: [Author] })
      const off = { code: 'LIMBER_DATABASE_OFF', kind: 'unavailable', hint: expect.any(String) }
      expect(await app.scope(() => 'runs')).toBe('runs')
      await app.make('db.health').check()
      await expect(app.scope(() => app.make('db.session'))).rejects.toMatchObject(off)
      expect(() => app.make('db.connection')).toThrow(DatabaseOffError)
      expect(() => app.make('db').openSession()).toThrow(DatabaseOffError)
      await app.stop()
    },
  )

  it('leaves the other connections as they are', async () => {
    const other = fromUrl('sqlite::memory:')
    const { app } = await bootLibrary({ driver: nullDriver(), connections: { other } })
    await app.ready(['db'])
    expect(await app.make('db').connection('other').execute('select 1 as one')).toEqual([{ one: 1 }])
  })

  it('is told by the commands that need one, and not by the others', async () => {
    const test = await commandsIn({ root: tempFolder(), driver: nullDriver() })
    const { exitCode, stderr } = await test.run('db', 'status')
    expect(exitCode).not.toBe(0)
    expect(stderr).toContain('LIMBER_DATABASE_OFF')
    expect(await test.run('services')).toMatchObject({ exitCode: 0 })
  })
})

describe('the package of a driver', () => {
  const script = (missing: string) => `
    import { registerHooks } from 'node:module'
    import { registerTypeScript } from './bin/typescript-hooks.js'
    registerTypeScript({ conditions: ['limber:source'] })
    registerHooks({
      resolve(specifier, context, next) {
        if (specifier !== '${missing}') return next(specifier, context)
        const error = new Error("Cannot find package '" + specifier + "' imported from " + context.parentURL)
        throw Object.assign(error, { code: 'ERR_MODULE_NOT_FOUND' })
      },
    })
    const { fromUrl } = await import('limber/database')
    for (const url of process.argv.slice(1)) {
      const outcome = await fromUrl(url).load('.').then(() => 'loaded', ({ code, hint, message }) => [code, hint ?? message].join(': '))
      console.log(outcome)
    }
  `
  const outcomes = (missing: string, ...urls: string[]) =>
    execFileSync(process.execPath, ['--input-type=module', '--eval', script(missing), ...urls], {
      encoding: 'utf8',
    })
      .trim()
      .split('\n')

  it.each(['mysql', 'postgresql'])(
    'that is missing (%s) is named with the command that installs it',
    (name) => {
      expect(outcomes(`@mikro-orm/${name}`, `${name}://db/app`, 'sqlite::memory:')).toEqual([
        `LIMBER_DRIVER_PACKAGE_MISSING: Run: npm install @mikro-orm/${name}@7.2.1`,
        'loaded',
      ])
    },
  )

  it('that lacks a package itself is told as it is', () => {
    expect(outcomes('mysql2', 'mysql://db/app')[0]).toMatch(
      /^ERR_MODULE_NOT_FOUND: Cannot find package 'mysql2'/,
    )
  })
})
