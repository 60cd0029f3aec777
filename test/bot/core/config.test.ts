/** What `config/bot.ts` may say. */
import { createApplication } from 'limber'
import { BotServiceProvider, InvalidBotConfigError } from 'limber/bot'
import { describe, expect, it, onTestFinished } from 'vitest'
import { appFolder } from '../../support/app-folder.ts'

const TOKEN = '123456:ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghi'

async function created(bot: object | undefined) {
  const app = await createApplication({
    root: appFolder({ 'config/app.ts': "export default { name: 'bot', providers: [] }" }),
    config: { app: { name: 'bot', providers: [BotServiceProvider] }, ...(bot && { bot }) },
  })
  onTestFinished(() => app.stop())
  return app
}

async function faultsOf(bot: object): Promise<Record<string, string>> {
  const app = await created(bot)
  const error: unknown = await app.boot().then(
    () => undefined,
    (thrown: unknown) => (thrown instanceof Error ? thrown.cause : thrown),
  )
  if (!(error instanceof InvalidBotConfigError)) return {}
  return Object.fromEntries(error.faults.map(({ path, message }) => [path, message]))
}

describe('a configuration', () => {
  it('is refused at boot with everything that is wrong with it', async () => {
    const faults = await faultsOf({
      token: 'my secret token',
      apiRoot: 'localhost',
      owners: [7, -1, 1.5],
      roles: { owner: [1], 'no good name': [] },
      flood: { max: 0, window: -5 },
      concurrency: 0.5,
      language: 'not a language',
      webhook: { url: 'http://bot.example.com', path: 'updates?x=1', secret: 'a secret with blanks' },
      replyFor: -1,
      drainTimeout: Number.NaN,
    })
    expect(new Set(Object.keys(faults))).toEqual(
      new Set([
        'token',
        'apiRoot',
        'owners',
        'roles.owner',
        'roles.no good name',
        'flood.max',
        'flood.window',
        'concurrency',
        'replyFor',
        'drainTimeout',
        'language',
        'webhook.url',
        'webhook.path',
        'webhook.secret',
      ]),
    )
    expect(JSON.stringify(faults)).not.toMatch(/my secret token|a secret with blanks/)
  })

  it.each([
    '',
    'abc',
    '123456',
    '123456:',
    '123456:short',
    `${TOKEN} `,
    `x${TOKEN}`,
    `123456:${'ü'.repeat(35)}`,
  ])('is refused with the token "%s" when the bot is used', async (token) => {
    const app = await created({ token, flood: false })
    const used = app.boot().then(() => app.make('bot').load())
    const error: unknown = await used.catch((thrown: Error) => thrown)
    const cause = error instanceof InvalidBotConfigError ? error : (error as Error).cause
    expect(cause).toBeInstanceOf(InvalidBotConfigError)
    expect((cause as InvalidBotConfigError).faults.map(({ path }) => path)).toEqual(['token'])
  })

  it('is accepted without any option besides the token', async () => {
    expect(await faultsOf({ token: TOKEN })).toEqual({})
  })
})

it('lets an application without a token do what has nothing to do with its bot', async () => {
  const app = await created({ token: '', flood: false })
  await app.boot()
  expect(await app.scope(() => 'worked')).toBe('worked')
  expect(() => app.make('bot.api')).toThrow('config/bot.ts has 1 fault.')
})

it('says which file is missing when there is none', async () => {
  const app = await created(undefined)
  await app.boot()
  await app.scope(() => 'works')
  await expect(
    app.make('bot').handle({ update_id: 1, message: { message_id: 1, chat: { id: 1 } } }),
  ).rejects.toMatchObject({ code: 'LIMBER_BOT_CONFIG_MISSING' })
})

it('says what is missing that counts updates', async () => {
  const app = await created({ token: TOKEN })
  await app.boot()
  await expect(app.make('bot').load()).rejects.toMatchObject({ code: 'LIMBER_BOT_LIMITER_MISSING' })
})
