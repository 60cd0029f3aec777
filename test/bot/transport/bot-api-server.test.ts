import { createServer } from 'node:http'
import { Api, InputFile } from 'grammy'
import { describe, expect, onTestFinished, test } from 'vitest'
import { readBody } from '../../support/bot-api/request-body.ts'
import { faults, openBotApi } from '../../support/bot-api-server.ts'

async function open() {
  const server = await openBotApi()
  return { server, api: new Api(server.token, { apiRoot: server.apiRoot }), user: server.make.user() }
}

const ids = (updates: readonly { update_id: number }[]) => updates.map(({ update_id }) => update_id)

/** A place to be posted to, which answers as it is told. */
async function openWebhook(answer: (body: { update_id: number }) => Promise<number> | number) {
  const secrets = new Set<unknown>()
  const server = createServer(async (request, reply) => {
    secrets.add(request.headers['x-telegram-bot-api-secret-token'])
    reply.writeHead(await answer(JSON.parse((await readBody(request)).toString()))).end()
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  onTestFinished(() => void server.close().closeAllConnections())
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return { url: `http://127.0.0.1:${port}/updates`, secrets }
}

test('methods take JSON, forms, files and queries, and calls are recorded by chat', async () => {
  const { server, api, user } = await open()
  await api.sendMessage(user.id, 'by JSON')
  const url = `${server.apiRoot}/bot${server.token}/sendMessage`
  await fetch(url, { method: 'POST', body: new URLSearchParams({ chat_id: `${user.id}`, text: 'by form' }) })
  await fetch(`${url}?chat_id=${user.id}&text=by%20query`)
  await api.sendDocument(user.id, new InputFile(Buffer.from('12345'), 'five.txt'), { caption: 'a file' })
  expect(server.log.texts(user.id)).toEqual(['by JSON', 'by form', 'by query'])
  const [sent] = server.log.of('sendDocument')
  expect(sent?.payload).toMatchObject({ chat_id: user.id, caption: 'a file' })
  expect(Object.values(sent?.payload ?? {})).toContainEqual({ file: 'five.txt', size: 5 })
  await expect(api.sendMessage(user.id, '')).rejects.toMatchObject({ error_code: 400 })
  await expect(api.raw.leaveChat({ chat_id: 1 })).rejects.toMatchObject({ error_code: 404 })
})

describe('getUpdates', () => {
  test('gives from the offset on and forgets what is below it, for ever', async () => {
    const { server, api, user } = await open()
    const [a, b, c] = ['a', 'b', 'c'].map((text) => server.write(user, text).update_id)
    expect(ids(await api.getUpdates({ limit: 2 }))).toEqual([a, b])
    expect(ids(await api.getUpdates({ offset: b ?? 0 }))).toEqual([b, c])
    expect(ids(await api.getUpdates({ offset: 0 }))).toEqual([b, c])
    expect(ids(await api.getUpdates({ offset: -1 }))).toEqual([c])
    expect(server.waiting).toEqual([c])
  })

  test('waits until something comes, and keeps back kinds that are not asked for', async () => {
    const { server, api, user } = await open()
    const poll = api.getUpdates({ timeout: 30, allowed_updates: ['poll_answer'] })
    await server.until(() => server.receiving.isPolled)
    server.write(user, 'nobody wants to know')
    const answer = server.make.pollAnswer(user, '1', 0)
    server.send(answer)
    expect(ids(await poll)).toEqual([answer.update_id])
  })

  test('is given up for another poll and for a webhook', async () => {
    const { server, api } = await open()
    const first = api.getUpdates({ timeout: 30 }).catch((error: unknown) => error)
    await server.until(() => server.receiving.isPolled)
    const second = api.getUpdates({ timeout: 30 }).catch((error: unknown) => error)
    expect(await first).toMatchObject({
      error_code: 409,
      description: expect.stringContaining('other getUpdates'),
    })
    await api.setWebhook('http://127.0.0.1:1/nowhere')
    expect(await second).toMatchObject({ error_code: 409 })
    await expect(api.getUpdates()).rejects.toMatchObject({ error_code: 409 })
  })
})

test('a webhook is posted to in order within a chat, again after a failure, and chats do not wait for each other', async () => {
  const { server, api } = await open()
  const [ada, emma] = [server.make.user(), server.make.user()]
  const sent = [ada, ada, emma].map((user) => server.make.message(user, 'hello'))
  const [first, second, other] = ids(sent)
  const taken: number[] = []
  let faultsLeft = 2
  const { url, secrets } = await openWebhook(async ({ update_id }) => {
    // The first update of one chat is taken only after that of the other one.
    if (update_id === first) await server.until(() => taken.includes(other ?? 0))
    if (update_id === first && faultsLeft-- > 0) return 503
    taken.push(update_id)
    return 200
  })
  await api.setWebhook(url, { secret_token: 'the_secret' })
  server.send(...sent)
  await server.until(() => server.waiting.length === 0)
  expect(taken).toEqual([other, first, second])
  expect(secrets).toEqual(new Set(['the_secret']))
  expect(await api.getWebhookInfo()).toMatchObject({
    url,
    pending_update_count: 0,
    last_error_message: 'Wrong response from the webhook: 503 Service Unavailable',
  })
  await api.deleteWebhook()
  expect(await api.getWebhookInfo()).toMatchObject({ url: '' })
})

test('calls meet the faults that are asked for, and then no more', async () => {
  const { server, api, user } = await open()
  const send = (text: string) => api.sendMessage(user.id, text).then(() => 'ok', faultOf)
  const met = ['drop', 'lost', faults.serverError, faults.blocked, faults.tooMany(3)] as const
  for (const fault of met) server.fail('sendMessage', fault, { chat: user.id })
  const outcomes = []
  for (const text of ['drop', 'lost', 'error', 'blocked', 'many', 'fine']) outcomes.push(await send(text))
  expect(outcomes).toEqual(['HttpError', 'HttpError', 500, 403, 429, 'ok'])
  expect(server.log.texts(user.id)).toEqual(['lost', 'fine'])
})

test('a wrong token is refused, and the server comes back on the same port', async () => {
  const { server, api } = await open()
  const stranger = new Api('999:wrong', { apiRoot: server.apiRoot })
  await expect(stranger.getMe()).rejects.toMatchObject({ error_code: 401 })
  await server.close()
  await expect(api.getMe()).rejects.toThrow('Network request')
  await server.open()
  expect(await api.getMe()).toEqual(server.me)
})

function faultOf(error: unknown): unknown {
  return error instanceof Error && 'error_code' in error ? error.error_code : Object(error).name
}
