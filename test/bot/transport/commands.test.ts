import { createTestApplication } from 'limber/testing'
import { describe, expect, onTestFinished, test } from 'vitest'
import { appFolder } from '../../support/app-folder.ts'
import { type BotApiServer, faults, openBotApi } from '../../support/bot-api-server.ts'
import { botEnvironment, botFolder, WEBHOOK } from './bot-folder.ts'

interface Given {
  readonly isPosted?: boolean
  readonly env?: NodeJS.ProcessEnv
}

async function openBot({ isPosted = false, env }: Given = {}) {
  const server = await openBotApi()
  const root = botFolder({ '.env': dotEnv({ ...botEnvironment(server, { isPosted }), ...env }) })
  const application = await createTestApplication({ root, bot: 'configured' })
  onTestFinished(() => application[Symbol.asyncDispose]())
  const run = async (words: string) => {
    const result = await application.run(...words.split(' '))
    const all = result.stdout + result.stderr
    for (const secret of [secretOf(server), WEBHOOK.secret]) expect(all).not.toContain(secret)
    return result
  }
  return { server, run }
}

const dotEnv = (env: NodeJS.ProcessEnv) =>
  Object.entries(env)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')

const secretOf = ({ token }: BotApiServer) => token.slice(token.indexOf(':') + 1)

const URL_OF_UPDATES = `${WEBHOOK.url}/bot/updates`

describe('limber bot webhook set', () => {
  test('tells the Bot API where to post, what, and with which secret', async () => {
    const { server, run } = await openBot({ isPosted: true })
    expect(await run('bot webhook set')).toEqual({
      exitCode: 0,
      stdout: `Told the Bot API to post updates to ${URL_OF_UPDATES} (message, callback_query).\n`,
      stderr: '',
    })
    expect(server.log.of('setWebhook').map(({ payload }) => payload)).toEqual([
      {
        url: URL_OF_UPDATES,
        allowed_updates: ['message', 'callback_query'],
        max_connections: 32,
        secret_token: WEBHOOK.secret,
        drop_pending_updates: false,
      },
    ])
  })

  test('forgets what waits only when it is told to, and changes nothing in a dry run', async () => {
    const { server, run } = await openBot({ isPosted: true })
    server.write(server.make.user(), 'waits')
    const dry = await run('bot webhook set --drop-pending --dry-run')
    expect(dry.stdout).toBe(
      `Would tell the Bot API to post updates to ${URL_OF_UPDATES} (message, callback_query), and to forget the updates that wait.\n`,
    )
    expect(server.log.attempts).toEqual([])
    expect(server.waiting).toHaveLength(1)
    await run('bot webhook set --drop-pending')
    expect(server.waiting).toHaveLength(0)
  })

  test('needs a webhook in config/bot.ts', async () => {
    const { run } = await openBot()
    const { exitCode, stderr } = await run('bot webhook set')
    expect(exitCode).toBe(2)
    expect(stderr).toContain('LIMBER_WEBHOOK_NOT_CONFIGURED')
  })

  test('says what the Bot API refuses, and when it is not reached', async () => {
    const { server, run } = await openBot({ isPosted: true })
    server.fail('setWebhook', { code: 400, description: 'Bad Request: bad webhook: failed to resolve host' })
    const refused = await run('bot webhook set')
    expect(refused.exitCode).toBe(2)
    expect(refused.stderr).toContain('LIMBER_BOT_API_REFUSED')
    expect(refused.stderr).toContain('failed to resolve host')
    for (const fault of [faults.serverError, 'drop'] as const) {
      server.fail('setWebhook', fault)
      const away = await run('bot webhook set')
      expect(away.exitCode).toBe(5)
      expect(away.stderr).toContain('LIMBER_BOT_API_UNAVAILABLE')
    }
  })
})

describe('limber bot webhook delete', () => {
  test('has nothing posted any more, and keeps what waits', async () => {
    const { server, run } = await openBot({ isPosted: true })
    expect((await run('bot webhook delete')).stdout).toBe('The Bot API posts no updates of this bot.\n')
    await run('bot webhook set')
    const dry = await run('bot webhook delete --dry-run')
    expect(dry.stdout).toContain('They would be kept')
    expect(server.receiving.webhookInfo.url).toBe(URL_OF_UPDATES)
    const { stdout } = await run('bot webhook delete')
    expect(stdout).toBe(
      `The Bot API posted to ${URL_OF_UPDATES}; updates that wait: 0. They are kept, and none is posted any more.\n`,
    )
    expect(server.receiving.webhookInfo.url).toBe('')
  })

  test('forgets what waits when it is told to, also without a webhook', async () => {
    const { server, run } = await openBot()
    server.write(server.make.user(), 'waits')
    await run('bot webhook delete')
    expect(server.waiting).toHaveLength(1)
    expect((await run('bot webhook delete --drop-pending')).stdout).toContain('They are forgotten')
    expect(server.waiting).toHaveLength(0)
  })
})

describe('limber bot webhook info', () => {
  test('says where updates are posted, and what went wrong', async () => {
    const { server, run } = await openBot({ isPosted: true })
    const before = await run('bot webhook info')
    expect(before.stdout).toContain('They differ. Run: limber bot webhook set')
    await run('bot webhook set')
    const { stdout, exitCode } = await run('bot webhook info --json')
    expect({ exitCode, facts: JSON.parse(stdout) }).toEqual({
      exitCode: 0,
      facts: {
        url: URL_OF_UPDATES,
        configured: URL_OF_UPDATES,
        waiting: 0,
        connections: 32,
        kinds: ['message', 'callback_query'],
        lastError: null,
      },
    })
    await server.receiving.setWebhook({ url: 'http://user:hidden@127.0.0.1:1/elsewhere' })
    server.write(server.make.user(), 'does not arrive')
    await server.until(() => server.receiving.webhookInfo.last_error_message !== undefined)
    const after = await run('bot webhook info')
    expect(after.stdout).toContain('http://user:****@127.0.0.1:1/elsewhere')
    expect(after.stdout).toMatch(/last error +\d{4}-\d\d-\d\dT/)
    expect(after.stdout).toContain('They differ. Run: limber bot webhook set')
  })
})

test('limber bot info says which bot it is, and how its updates come', async () => {
  const { server, run } = await openBot()
  const { stdout } = await run('bot info --json')
  expect(JSON.parse(stdout)).toEqual({
    id: server.me.id,
    username: 'test_bot',
    name: 'Test',
    apiRoot: server.apiRoot,
    mode: 'polling',
    url: null,
    handlers: 4,
    commands: 3,
  })
  expect((await run('bot info')).stdout).toContain(`@test_bot (Test, ${server.me.id})`)
  const posted = await openBot({ isPosted: true })
  expect(JSON.parse((await posted.run('bot info --json')).stdout)).toMatchObject({
    mode: 'webhook',
    url: URL_OF_UPDATES,
  })
})

test('limber bot handlers lists them without asking the Bot API', async () => {
  const { server, run } = await openBot()
  const { stdout } = await run('bot handlers --json')
  const common = { module: null, kinds: ['message'], commands: [], description: null, states: [], roles: [] }
  expect(JSON.parse(stdout)).toEqual([
    { ...common, name: 'Profile', commands: ['profile', 'me'], description: 'Shows your profile' },
    { ...common, name: 'Ban', commands: ['ban'], roles: ['owner'] },
    { ...common, name: 'Named', states: ['name', 'address'] },
    { ...common, name: 'Buy', kinds: ['callback_query'] },
  ])
  const table = await run('bot handlers')
  expect(table.stdout).toMatch(/^Profile +message +\/profile, \/me$/m)
  expect(table.stdout).toMatch(/^Ban +message +\/ban +owner$/m)
  expect(server.log.attempts).toEqual([])
})

describe('a bot that cannot run says why', () => {
  test('when a webhook is set at the Bot API', async () => {
    const { server, run } = await openBot()
    await server.receiving.setWebhook({ url: 'https://user:hidden@elsewhere.example.com/hook' })
    const { exitCode, stderr } = await run('bot run')
    expect(exitCode).toBe(4)
    expect(stderr).toContain('LIMBER_WEBHOOK_IN_USE')
    expect(stderr).toContain('https://user:****@elsewhere.example.com/hook')
    expect(stderr).toContain('limber bot webhook delete')
  })

  test('when config/bot.ts has a webhook', async () => {
    const { run } = await openBot({ isPosted: true })
    const { exitCode, stderr } = await run('bot run')
    expect(exitCode).toBe(4)
    expect(stderr).toContain('LIMBER_WEBHOOK_CONFIGURED')
    expect(stderr).toContain('limber serve')
  })

  test('when the token is refused, and when the Bot API is away', async () => {
    const token = '1234567:AA-a-token-that-was-revoked-long-ago'
    const { server, run } = await openBot({ env: { BOT_TOKEN: token } })
    const refused = await run('bot run')
    expect(refused.exitCode).toBe(2)
    expect(refused.stderr).toContain('LIMBER_BOT_TOKEN')
    expect(refused.stderr).not.toContain('revoked-long-ago')
    await server.close()
    const away = await run('bot run')
    expect(away.exitCode).toBe(5)
    expect(away.stderr).toContain('LIMBER_BOT_API_UNAVAILABLE')
    expect(away.stderr).not.toContain('revoked-long-ago')
  })

  test('when there is no token', async () => {
    const { run } = await openBot({ env: { BOT_TOKEN: undefined } })
    for (const command of ['run', 'info', 'webhook info', 'handlers']) {
      const { exitCode, stderr } = await run(`bot ${command}`)
      expect({ command, exitCode }).toEqual({ command, exitCode: 2 })
      expect(stderr).toContain('BOT_TOKEN')
    }
  })
})

test('a command that says no need of its own runs where its provider is listed, and names it where it is not', async () => {
  const { run } = await openBot()
  expect(await run('bot rules')).toMatchObject({ exitCode: 0, stderr: '' })
  const root = appFolder({
    'config/app.ts': `import { defineApp } from 'limber'\nexport default defineApp({ name: 'none', providers: [] })`,
  })
  await using without = await createTestApplication({ root, bot: 'configured' })
  for (const command of ['run', 'info', 'handlers', 'rules', 'webhook set']) {
    const { exitCode, stderr } = await without.run('bot', ...command.split(' '))
    expect({ command, exitCode }).toEqual({ command, exitCode: 1 })
    expect(stderr).toContain(`import { BotServiceProvider } from 'limber/bot'`)
  }
})
