import { once } from 'node:events'
import { createServer } from 'node:http'
import { inspect } from 'node:util'
import { BotApiRefusedError, BotApiUnavailableError, BotTokenError } from 'limber/bot'
import { expect, onTestFinished, test } from 'vitest'
import { faults } from '../../support/bot-api-server.ts'
import { askApi, openApi } from './internals.ts'
import { openTransport } from './opened.ts'

const secretOf = (token: string) => token.slice(token.indexOf(':') + 1)

/** Something that listens and does not speak the Bot API. */
async function openPage(): Promise<string> {
  const server = createServer((_, reply) => void reply.end('<html>Sign in first</html>')).listen(
    0,
    '127.0.0.1',
  )
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
}

test('no error of the client holds the token, whatever goes wrong, nor does the client itself', async () => {
  const { server, log, lines } = await openTransport()
  const page = await openPage()
  const token = 'not a token:with %41 blanks/slashes?'
  const failures: [string, string, () => void][] = [
    [server.apiRoot, server.token, () => server.fail('getMe', 'drop')],
    [server.apiRoot, server.token, () => server.fail('getMe', faults.serverError)],
    ['http://127.0.0.1:1', server.token, () => undefined],
    [page, server.token, () => undefined],
    [page, token, () => undefined],
    ['http://no host', server.token, () => undefined],
  ]
  for (const [apiRoot, given, prepare] of failures) {
    const api = await openApi({ apiRoot }, given)
    prepare()
    const error = await api.getMe().catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(Error)
    log.error({ err: error, api }, 'It failed.')
    const shown = [
      inspect(error, { depth: 20, showHidden: true }),
      inspect(api, { depth: 20 }),
      JSON.stringify(error),
      lines.join(''),
    ].join('\n')
    for (const secret of [given, secretOf(given), encodeURI(secretOf(given))])
      expect(shown).not.toContain(secret)
  }
})

test('the client of a transport is used in place of that of grammy, and what it throws is masked too', async () => {
  const { server } = await openTransport()
  const urls: string[] = []
  const fetch = async (input: string | URL | Request) => {
    urls.push(String(input))
    throw Object.assign(new Error(`no way to ${String(input)}`), { cause: new Error(String(input)) })
  }
  const api = await openApi({ apiRoot: `${server.apiRoot}/`, fetch }, server.token)
  const error = await api.getMe().catch((reason: unknown) => reason)
  expect(urls).toEqual([`${server.apiRoot}/bot${server.token}/getMe`])
  const shown = inspect(error, { depth: 20, showHidden: true })
  expect(shown).toContain(`no way to ${server.apiRoot}/bot****/getMe`)
  expect(shown).not.toContain(secretOf(server.token))
})

test('a token that the Bot API does not know, or that is none, is told by name', async () => {
  const { server } = await openTransport()
  for (const [token, answer] of [
    ['1:other', '401: Unauthorized'],
    ['none', '404: Not Found'],
  ] as const) {
    const api = await openApi({ apiRoot: server.apiRoot }, token)
    const error = await askApi('getMe', server.apiRoot, () => api.getMe()).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(BotTokenError)
    expect(error).toMatchObject({ code: 'LIMBER_BOT_TOKEN', message: expect.stringContaining(answer) })
  }
})

test('what does not come through and what is refused are told apart', async () => {
  const { server, api } = await openTransport()
  const ask = <T>(method: string, call: () => Promise<T>) =>
    askApi(method, server.apiRoot, call).catch((reason: unknown) => reason)
  const secret = 'a secret with blanks'
  const refused = await ask('setWebhook', () =>
    api.setWebhook('http://127.0.0.1:1', { secret_token: secret }),
  )
  expect(refused).toBeInstanceOf(BotApiRefusedError)
  expect(inspect(refused, { depth: 20 })).not.toContain(secret)
  server.fail('getMe', faults.serverError)
  expect(await ask('getMe', () => api.getMe())).toBeInstanceOf(BotApiUnavailableError)
  await server.close()
  const gone = await ask('getMe', () => api.getMe())
  expect(gone).toBeInstanceOf(BotApiUnavailableError)
  expect(gone).toMatchObject({ kind: 'unavailable', message: expect.stringContaining(server.apiRoot) })
})
