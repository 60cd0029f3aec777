import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { createApplication, env } from 'limber'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { thrown } from '../container/print-shop.ts'
import { appFolder } from '../support/app-folder.ts'

afterEach(() => vi.unstubAllEnvs())

/** The value that a reader gives for the text of a variable. */
function read<T>(text: string | undefined, reader: (name: string) => T): T {
  vi.stubEnv('SHOP_VALUE', text)
  return reader('SHOP_VALUE')
}

describe('a variable is read as', () => {
  test.each([
    ['a text', 'ink', env.string, 'ink'],
    ['a whole number', '-42', env.integer, -42],
    ['a number', '2.5', env.number, 2.5],
    ['a port', '3000', env.port, 3000],
    ['the port that the system chooses', '0', env.port, 0],
    ['the highest port', '65535', env.port, 65_535],
    ...['true', '1', 'yes', 'on', 'TRUE'].map((text) => ['true', text, env.boolean, true] as const),
    ...['false', '0', 'no', 'off', 'Off'].map((text) => ['false', text, env.boolean, false] as const),
  ] as const)('%s: %s', (_, text, reader: (name: string) => unknown, value) => {
    expect(read(text, reader)).toBe(value)
  })

  test('one of some words', () => {
    expect(read('warn', (name) => env.oneOf(name, ['info', 'warn']))).toBe('warn')
  })
})

describe('a variable is refused that is', () => {
  test.each([
    ['an empty text', '', env.string],
    ['no whole number', '1.5', env.integer],
    ['no safe whole number', '9007199254740993', env.integer],
    ['no number', 'many', env.number],
    ['an empty number', '', env.number],
    ['a blank number', ' ', env.integer],
    ['an endless number', 'Infinity', env.number],
    ['no port', '65536', env.port],
    ['a negative port', '-1', env.port],
    ['neither true nor false', 'perhaps', env.boolean],
    ['missing', undefined, env.string],
  ] as const)('%s', (_, text, reader: (name: string) => unknown) => {
    expect(thrown(() => read(text, reader))).toMatchObject({ code: 'LIMBER_ENVIRONMENT', kind: 'invalid' })
  })

  test('none of the words, which are listed', () => {
    const error = thrown(() => read('loud', (name) => env.oneOf(name, ['info', 'warn'])))
    expect(error).toMatchObject({
      faults: [{ path: 'environment', message: 'SHOP_VALUE is "loud", but has to be one of info, warn.' }],
    })
  })
})

describe('a variable that is not set', () => {
  test('gets the default, whatever its type', () => {
    const values = [
      read(undefined, (name) => env.string(name, '')),
      read(undefined, (name) => env.integer(name, 0)),
      read(undefined, (name) => env.number(name, 0.5)),
      read(undefined, (name) => env.port(name, 3000)),
      read(undefined, (name) => env.boolean(name, false)),
      read(undefined, (name) => env.oneOf(name, ['a', 'b'], 'b')),
    ]
    expect(values).toEqual(['', 0, 0.5, 3000, false, 'b'])
  })

  test('may be optional with a default of undefined', () => {
    expect(read(undefined, (name) => env.string(name, undefined))).toBeUndefined()
    expect(read(undefined, (name) => env.port(name, undefined))).toBeUndefined()
  })

  test('keeps a default from hiding that a set one is malformed', () => {
    expect(thrown(() => read('many', (name) => env.port(name, 3000)))).toMatchObject({
      code: 'LIMBER_ENVIRONMENT',
    })
  })
})

describe('secrets', () => {
  test('are masked by the name of their variable', () => {
    vi.stubEnv('API_TOKEN', 'abc123')
    expect((thrown(() => env.integer('API_TOKEN')) as { faults?: unknown }).faults).toEqual([
      { path: 'environment', message: 'API_TOKEN is "****", but has to be a whole number.' },
    ])
  })

  test('are masked inside of URLs', () => {
    const error = thrown(() => read('postgres://ada:s3cret@localhost/app', env.integer))
    expect(JSON.stringify((error as { faults?: unknown }).faults)).toContain(
      'postgres://ada:****@localhost/app',
    )
    expect(JSON.stringify(error)).not.toContain('s3cret')
  })
})

describe('a secret', () => {
  const SECRET = 's'.repeat(32)

  /** The configuration of a folder whose only file reads a secret. */
  async function secretIn(root: string, environment: string, value?: string) {
    vi.stubEnv('NODE_ENV', environment)
    vi.stubEnv('SHOP_SECRET', value)
    const app = await createApplication({ root })
    return app.config.get('shop' as never)
  }
  const folder = () =>
    appFolder({
      'config/app.js': `export default { name: 'shop', providers: [] }`,
      'config/shop.js': `import { env } from 'limber'\nexport default env.secret('SHOP_SECRET')`,
    })

  test('is what the variable says', async () => {
    expect(await secretIn(folder(), 'production', SECRET)).toBe(SECRET)
  })

  test('that is not set is made in development, and is the same from then on', async () => {
    const root = folder()
    const made = await secretIn(root, 'development')
    expect(made).toMatch(/^[\w-]{64}$/)
    expect(readFileSync(path.join(root, 'storage/shop-secret'), 'utf8').trim()).toBe(made)
    expect(statSync(path.join(root, 'storage/shop-secret')).mode & 0o777).toBe(0o600)
    expect(readdirSync(path.join(root, 'storage'))).toEqual(['shop-secret'])
    const other = folder()
    mkdirSync(path.join(other, 'storage'))
    writeFileSync(path.join(other, 'storage/shop-secret'), `${SECRET}\n`)
    expect(await secretIn(other, 'development')).toBe(SECRET)
  })

  test('that is not set, where no folder can be made to keep one, is asked for', async () => {
    const root = folder()
    writeFileSync(path.join(root, 'storage'), 'a file')
    await expect(secretIn(root, 'development')).rejects.toMatchObject({
      code: 'LIMBER_ENVIRONMENT',
      faults: [
        { message: expect.stringMatching(/^SHOP_SECRET is not set, and none can be kept: .*storage/) },
      ],
    })
  })

  test('that is not set leaves nothing behind in tests', async () => {
    const root = folder()
    expect(await secretIn(root, 'test')).toMatch(/^[\w-]{64}$/)
    expect(readdirSync(root)).not.toContain('storage')
  })

  test.each([
    ['is not set, in production', 'production', undefined, 'SHOP_SECRET is not set'],
    ['is not set, in any other environment', 'staging', undefined, 'SHOP_SECRET is not set'],
    ['is short', 'development', 'guessable', 'SHOP_SECRET has 9 characters'],
  ])('that %s is refused, and is not shown', async (_, environment, value, message) => {
    const refused = secretIn(folder(), environment, value)
    await expect(refused).rejects.toMatchObject({
      code: 'LIMBER_ENVIRONMENT',
      faults: [{ message: `${message}, but has to be a secret of 32 characters or more.` }],
    })
  })
})

test('NODE_ENV in .env is refused, unless it says what holds anyway', async () => {
  const rooted = (name: string) =>
    createApplication({
      root: appFolder({
        'config/app.js': `export default { name: 'shop', providers: [] }`,
        '.env': `# here\nNODE_ENV=${name}\n`,
      }),
    })
  vi.stubEnv('NODE_ENV', undefined)
  await expect(rooted('production')).rejects.toMatchObject({
    code: 'LIMBER_ENVIRONMENT',
    faults: [{ path: '.env:2', message: expect.stringContaining('where the process is started') }],
  })
  expect((await rooted('development')).environment).toBe('development')
  vi.stubEnv('NODE_ENV', 'production')
  expect((await rooted('staging')).environment).toBe('production')
})
