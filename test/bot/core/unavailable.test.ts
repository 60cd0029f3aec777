/** A bot whose database is away, and one whose handlers need what is not there. */
import { LimberError } from 'limber'
import { type IncomingMessage, MessageHandler } from 'limber/bot'
import { CacheServiceProvider, memoryStore } from 'limber/cache'
import { expect, it } from 'vitest'
import { isThere, ownDatabase, POSTGRES } from '../../database/support/servers.ts'
import { tcpProxy } from '../../support/tcp-proxy.ts'
import { openWorld } from './support/bot-world.ts'
import { Write } from './support/writers.ts'

class MailAwayError extends LimberError {
  readonly code = 'TEST_MAIL_AWAY'
  readonly kind = 'unavailable'

  constructor() {
    super('The mail server does not answer.')
  }
}

function mailer() {
  const state = { isAway: true, tries: 0 }
  class Mail extends MessageHandler {
    handle(message: IncomingMessage) {
      state.tries += 1
      if (state.isAway) throw new MailAwayError()
      message.reply('mailed')
    }
  }
  return { state, Mail }
}

if (await isThere(POSTGRES)) {
  it('rejects what cannot be recorded, says nothing, and handles it when it comes again', async () => {
    const database = await ownDatabase(POSTGRES)
    const { hostname, port } = new URL(POSTGRES.url)
    const proxy = await tcpProxy(hostname, Number(port))
    const driver = POSTGRES.driver({ database, host: '127.0.0.1', port: proxy.port })
    const { bot, server, deeds, handled } = await openWorld({ driver, handlers: [Write] })
    const ada = server.make.user()
    const [one, two] = ['/write one', '/write two'].map((text) => server.make.message(ada, text))
    await bot.handle(one)
    await proxy.cut()
    await expect(bot.handle(two)).rejects.toMatchObject({ kind: 'unavailable' })
    await expect(bot.handle(two)).rejects.toMatchObject({ kind: 'unavailable' })
    expect(server.log.texts(ada.id)).toEqual(['written: one'])
    await proxy.restore()
    await expect.poll(() => handled().catch(() => [])).toEqual([one?.update_id])
    await bot.handle(two)
    expect(await deeds()).toEqual(['one', 'two'])
    expect(server.log.texts(ada.id)).toEqual(['written: one', 'written: two'])
  })
}

it('has an update come again whose handler needs what is away, and handles it then', async () => {
  const { state, Mail } = mailer()
  const { bot, server } = await openWorld({ handlers: [Mail] })
  const ada = server.make.user()
  const update = server.make.message(ada, 'mail it')
  await expect(bot.handle(update)).rejects.toThrow(MailAwayError)
  state.isAway = false
  await bot.handle(update)
  expect(server.log.texts(ada.id)).toEqual(['mailed'])
})

it('does not have it come again for ever: the tenth time it is a failure like any other', async () => {
  const { state, Mail } = mailer()
  const { bot, server } = await openWorld({ handlers: [Mail] })
  const ada = server.make.user()
  const update = server.make.message(ada, 'mail it')
  for (let time = 1; time < 10; time += 1) await expect(bot.handle(update)).rejects.toThrow(MailAwayError)
  await bot.handle(update)
  await bot.handle(update)
  expect(state.tries).toBe(10)
  expect(server.log.texts(ada.id)).toEqual(['Something went wrong. Try again later.'])
})

it('counts it once as what its user sends, however often it comes', async () => {
  const { state, Mail } = mailer()
  const flood = { max: 1, window: 60_000 }
  const { bot, server } = await openWorld({
    handlers: [Mail],
    providers: [CacheServiceProvider],
    cache: { stores: { main: memoryStore() } },
    bot: { flood },
  })
  const ada = server.make.user()
  const update = server.make.message(ada, 'mail it')
  for (let time = 0; time < 3; time += 1) await expect(bot.handle(update)).rejects.toThrow(MailAwayError)
  state.isAway = false
  await bot.handle(update)
  expect(server.log.texts(ada.id)).toEqual(['mailed'])
})

it('rejects updates while the Bot API does not say who the bot is, and asks again', async () => {
  const { state, Mail } = mailer()
  state.isAway = false
  const { bot, server } = await openWorld({ handlers: [Mail] })
  const ada = server.make.user()
  const update = server.make.message(ada, 'mail it')
  server.fail('getMe', 'drop')
  await expect(bot.handle(update)).rejects.toMatchObject({ kind: 'unavailable' })
  await bot.handle(update)
  expect(server.log.texts(ada.id)).toEqual(['mailed'])
  expect(bot.me.username).toBe('test_bot')
})
