import { type IncomingMessage, MessageHandler } from 'limber/bot'
import { createTestApplication } from 'limber/testing'
import { describe, expect, onTestFinished, test } from 'vitest'
import { appFolder } from '../../support/app-folder.ts'
import { faults, openBotApi } from '../../support/bot-api-server.ts'
import { WEBHOOK } from './bot-folder.ts'

const files = {
  'config/app.ts': `
    import { defineApp } from 'limber'
    import { BotServiceProvider } from 'limber/bot'
    import { HttpServiceProvider } from 'limber/http'
    export default defineApp({ name: 'game', providers: [BotServiceProvider, HttpServiceProvider] })`,
}

/** A bot whose updates are posted, over real HTTP, to a server that listens. */
async function openPosted(before: (message: IncomingMessage) => Promise<void> = async () => undefined) {
  class Echo extends MessageHandler {
    override async handle(message: IncomingMessage): Promise<void> {
      await before(message)
      message.reply(`Heard: ${message.text}`)
    }
  }
  const server = await openBotApi()
  const { token, apiRoot } = server
  const bot = { token, apiRoot, webhook: WEBHOOK, flood: false, publishCommands: false, handlers: [Echo] }
  const { app } = await createTestApplication({ root: appFolder(files), bot: 'configured', config: { bot } })
  onTestFinished(() => app.stop())
  const http = app.make('http')
  http.listenOn({ host: '127.0.0.1', port: 0 })
  await app.run(http)
  const url = `${http.address}/bot/updates`
  const post = (body: string, secret: string | null = WEBHOOK.secret) =>
    fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(secret !== null && { 'x-telegram-bot-api-secret-token': secret }),
      },
      body,
    })
  return { server, post, url, app }
}

const statusOf = async (reply: Promise<Response>) => (await reply).status

test('updates that are posted are handled once, in order within each chat', async () => {
  const { server, url } = await openPosted()
  await server.receiving.setWebhook({ url, secret_token: WEBHOOK.secret, max_connections: 8 })
  const users = Array.from({ length: 6 }, () => server.make.user())
  const texts = Array.from({ length: 8 }, (_, index) => `${index}`)
  for (const text of texts) for (const user of users) server.write(user, text)
  await server.until(() => server.waiting.length === 0)
  await server.until(() => server.log.of('sendMessage').length >= 48)
  for (const { id } of users) expect(server.log.texts(id)).toEqual(texts.map((text) => `Heard: ${text}`))
  expect(server.receiving.webhookInfo.last_error_message).toBeUndefined()
})

test('the same update twice at once has its effect once', async () => {
  const { server, post } = await openPosted()
  const user = server.make.user()
  const body = JSON.stringify(server.make.message(user, 'twice'))
  expect(await Promise.all([statusOf(post(body)), statusOf(post(body))])).toEqual([200, 200])
  expect(await statusOf(post(body))).toBe(200)
  expect(server.log.texts(user.id)).toEqual(['Heard: twice'])
})

describe('what is posted that cannot be', () => {
  test('is answered as it deserves, and nothing of it is handled', async () => {
    const { server, post } = await openPosted()
    const user = server.make.user()
    const good = JSON.stringify(server.make.message(user, 'hello'))
    const statuses = {
      withoutSecret: await statusOf(post(good, null)),
      wrongSecret: await statusOf(post(good, 'another')),
      notJson: await statusOf(post('{"update_id":')),
      empty: await statusOf(post('')),
      noUpdate: await statusOf(post('[]')),
      noNumber: await statusOf(post('{"message":{}}')),
      tooLarge: await statusOf(post(`{"update_id":1,"pad":"${'x'.repeat(2 ** 20)}"}`)),
      unknownKind: await statusOf(post('{"update_id":1,"from_the_future":{}}')),
      notWanted: await statusOf(post(JSON.stringify(server.make.inlineQuery(user, 'a')))),
    }
    expect(statuses).toEqual({
      withoutSecret: 401,
      wrongSecret: 401,
      notJson: 400,
      empty: 400,
      noUpdate: 400,
      noNumber: 400,
      tooLarge: 413,
      unknownKind: 200,
      notWanted: 200,
    })
    expect(server.log.of('sendMessage')).toEqual([])
    expect(await statusOf(post(good))).toBe(200)
    expect(server.log.texts(user.id)).toEqual(['Heard: hello'])
  })

  test('says nothing of the secret', async () => {
    const { post } = await openPosted()
    const reply = await post('{}', 'another')
    expect(await reply.text()).not.toContain(WEBHOOK.secret)
  })
})

test('while the Bot API is away the answer is 503, and the update is handled when it is posted again', async () => {
  const { server, url } = await openPosted()
  server.fail('getMe', faults.serverError, { times: 3 })
  await server.receiving.setWebhook({ url, secret_token: WEBHOOK.secret })
  const user = server.make.user()
  server.write(user, 'patience')
  await server.until(() => server.waiting.length === 0)
  expect(server.log.texts(user.id)).toEqual(['Heard: patience'])
})

test('what is being handled at a stop is finished, and what comes then is to be posted again', async () => {
  const begun = Promise.withResolvers<void>()
  const held = Promise.withResolvers<void>()
  const { server, app, url } = await openPosted(async () => {
    begun.resolve()
    await held.promise
  })
  await server.receiving.setWebhook({ url, secret_token: WEBHOOK.secret })
  const user = server.make.user()
  const first = server.write(user, 'first')
  await begun.promise
  const stopped = app.stop()
  const later = server.write(server.make.user(), 'later')
  held.resolve()
  await stopped
  expect(server.log.texts(user.id)).toEqual(['Heard: first'])
  expect(server.waiting).not.toContain(first.update_id)
  expect(server.waiting).toContain(later.update_id)
})
