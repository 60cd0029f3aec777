import { createApplication, printError } from 'limber'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { applicationFolder } from '../application/folder.ts'
import { rejection } from '../container/print-shop.ts'

afterEach(() => vi.unstubAllEnvs())

/** A config/app.ts that also exports these settings. */
function app(settings = ''): string {
  return `import { env } from 'limber'\nexport default { name: 'shop', providers: [], ${settings} }\n`
}

function load(files: Record<string, string>) {
  return createApplication({ root: applicationFolder(files) })
}

describe('.env', () => {
  test('is read for the configuration, and the process wins', async () => {
    vi.stubEnv('SHOP_SIZE', '2')
    const { config } = await load({
      '.env': 'SHOP_NAME="Ink & Co"\nSHOP_SIZE=1\n',
      'config/app.ts': app("shop: env.string('SHOP_NAME'), size: env.integer('SHOP_SIZE')"),
    })
    expect([config.get('app.shop' as 'app'), config.get('app.size' as 'app')]).toEqual(['Ink & Co', 2])
  })

  test('of one application is not read by another that loads at the same time', async () => {
    const sizes = [1, 2, 3].map(async (size) => {
      const files = { '.env': `SHOP_SIZE=${size}\n`, 'config/app.ts': app("size: env.integer('SHOP_SIZE')") }
      return (await load(files)).config.get('app.size' as 'app')
    })
    expect(await Promise.all(sizes)).toEqual([1, 2, 3])
  })

  test('does not leak into the process or into other applications', async () => {
    await load({ '.env': 'SHOP_LEAK=1\n', 'config/app.ts': app("leak: env.string('SHOP_LEAK')") })
    expect(process.env.SHOP_LEAK).toBeUndefined()
    const other = load({ 'config/app.ts': app("leak: env.string('SHOP_LEAK', 'none')") })
    expect((await other).config.get('app.leak' as 'app')).toBe('none')
  })
})

describe('faults of the environment', () => {
  test('of all files are reported at once, each with its place', async () => {
    vi.stubEnv('SHOP_FLAG', 'perhaps')
    const error = await rejection(
      load({
        '.env': '# the shop\nSHOP_PORT=99999\nSHOP_SECRET=abc\n\nexport SHOP_RATE=fast\n',
        'config/app.ts': app("port: env.port('SHOP_PORT'), flag: env.boolean('SHOP_FLAG')"),
        'config/log.ts': `import { env } from 'limber'\nexport default {
          secret: env.integer('SHOP_SECRET'), rate: env.number('SHOP_RATE'), key: env.string('SHOP_KEY') }`,
      }),
    )
    expect(printError(error)).toMatchInlineSnapshot(`
      "EnvironmentError [LIMBER_ENVIRONMENT]: 5 environment variables are missing or malformed.
        at    .env:2: SHOP_PORT is "99999", but has to be a port from 0 to 65535.
        at    environment: SHOP_FLAG is "perhaps", but has to be true or false.
        at    .env:3: SHOP_SECRET is "****", but has to be a whole number.
        at    .env:5: SHOP_RATE is "fast", but has to be a number.
        at    .env: SHOP_KEY is not set, but has to be a text that is not empty.
        hint  Set them in the environment or in the .env file at the root of the application.
        help  docs/errors.md#limber_environment"
    `)
  })

  test('are not hidden by code that fails over the placeholder it was given', async () => {
    const error = await rejection(
      load({
        'config/app.ts': `import { env } from 'limber'\nnew URL(env.string('SHOP_URL'))\nexport default {}`,
        'config/log.ts': `import { env } from 'limber'\nexport default { level: env.string('SHOP_LEVEL') }`,
      }),
    )
    expect(error).toMatchObject({
      code: 'LIMBER_ENVIRONMENT',
      faults: [
        { path: '.env', message: 'SHOP_URL is not set, but has to be a text that is not empty.' },
        { path: '.env', message: 'SHOP_LEVEL is not set, but has to be a text that is not empty.' },
      ],
    })
  })

  test('are told again by a second try in the same process, which never sees placeholders', async () => {
    const root = applicationFolder({ 'config/app.ts': app("port: env.port('SHOP_LATE')") })
    const first = await rejection(createApplication({ root }))
    expect(await rejection(createApplication({ root }))).toBe(first)
  })

  test('of one application are not told to another that loads at the same time', async () => {
    const sound = load({ 'config/app.ts': app() })
    const faulty = load({ 'config/app.ts': app("port: env.port('SHOP_MISSING')") })
    const also = load({ 'config/app.ts': app() })
    const results = await Promise.allSettled([sound, faulty, also])
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  })

  test('name the line that counts when a variable stands in .env twice', async () => {
    const files = {
      '.env': 'SHOP_PORT=1\nSHOP_PORT=x\n',
      'config/app.ts': app("port: env.port('SHOP_PORT')"),
    }
    expect(await rejection(load(files))).toMatchObject({ faults: [{ path: '.env:2' }] })
  })
})

describe('a file of config/', () => {
  test('without a default export is named', async () => {
    expect(
      await rejection(load({ 'config/app.ts': app(), 'config/mail.ts': 'export const from = 1' })),
    ).toMatchObject({
      code: 'LIMBER_CONFIG_FILE',
      message: 'config/mail.ts cannot be used: it has no default export.',
    })
  })

  test('that throws is named, with its error as the cause', async () => {
    const files = {
      'config/app.ts': app(),
      'config/mail.ts': "throw new Error('no post office')\nexport default 1",
    }
    expect(await rejection(load(files))).toMatchObject({
      message: 'config/mail.ts cannot be used: no post office',
      cause: { message: 'no post office' },
    })
  })

  test('with a syntax error is named', async () => {
    expect(
      await rejection(load({ 'config/app.ts': app(), 'config/mail.ts': 'export default {' })),
    ).toMatchObject({
      code: 'LIMBER_CONFIG_FILE',
      message: expect.stringContaining('config/mail.ts cannot be used: '),
    })
  })

  test('does not hide what is wrong with another', async () => {
    const error = await rejection(
      load({ 'config/app.ts': "throw new Error('first')", 'config/mail.ts': "throw new Error('second')" }),
    )
    expect(printError(error)).toContain('config/app.ts cannot be used: first')
    expect(printError(error)).toContain('config/mail.ts cannot be used: second')
  })
})

test('a folder without config/ is refused with the way out', async () => {
  expect(await rejection(load({}))).toMatchObject({
    code: 'LIMBER_CONFIG_FILE',
    message: expect.stringMatching(/^config\/ cannot be used: the folder .* does not exist\.$/),
    hint: 'Run limber in the folder of an application.',
  })
})
