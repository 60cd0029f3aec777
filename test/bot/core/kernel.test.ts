/** The bot as a kernel: it asks for updates, has them handled, and goes on after a restart where it stopped. */
import path from 'node:path'
import { MessageHandler } from 'limber/bot'
import { sqlite } from 'limber/database/sqlite'
import { HttpServiceProvider } from 'limber/http'
import { describe, expect, it } from 'vitest'
import { emptyFolder } from '../../support/app-folder.ts'
import { openWorld } from './support/bot-world.ts'
import { Write } from './support/writers.ts'

/** Of fifty users each; a thousand updates in the long runs. */
const ROUNDS = process.env.LIMBER_TEST_DEEP ? 20 : 4

const driverOn = (folder: string) => () => sqlite({ file: path.join(folder, 'bot.sqlite') })

describe('polling', () => {
  it('handles many updates of fifty users, none lost, none doubled, each chat in order', async () => {
    const driver = driverOn(emptyFolder())
    const world = await openWorld({ driver: driver(), handlers: [Write] })
    const { app, server } = world
    const users = Array.from({ length: 50 }, () => server.make.user())
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [index, user] of users.entries()) server.write(user, `/write ${index}:${round}`)
    }
    await app.run(app.make('bot.kernel'))
    await server.until(() => server.log.of('sendMessage').length === 50 * ROUNDS)
    await app.stop()
    const second = await openWorld({ driver: driver(), server, handlers: [Write], isSecond: true })
    const written = (await second.deeds()).map((text) => text.split(':').map(Number))
    expect(written).toHaveLength(50 * ROUNDS)
    for (const [index, user] of users.entries()) {
      const rounds = Array.from({ length: ROUNDS }, (_, round) => round)
      expect(written.filter(([who]) => who === index).map(([, round]) => round)).toEqual(rounds)
      expect(server.log.texts(user.id)).toEqual(rounds.map((round) => `written: ${index}:${round}`))
    }
    expect(server.waiting).toEqual([])
    expect(await second.handled()).toHaveLength(50 * ROUNDS)
  })

  it('goes on after a restart with what was not begun', async () => {
    const driver = driverOn(emptyFolder())
    const first = await openWorld({ driver: driver(), handlers: [Write] })
    const { server } = first
    const ada = server.make.user()
    await first.app.run(first.app.make('bot.kernel'))
    server.write(ada, '/write one')
    await server.until(() => server.log.texts(ada.id).length === 1)
    await first.app.stop()
    server.write(ada, '/write two')
    const second = await openWorld({ driver: driver(), server, handlers: [Write], isSecond: true })
    await second.app.run(second.app.make('bot.kernel'))
    await server.until(() => server.log.texts(ada.id).length === 2)
    expect(await second.deeds()).toEqual(['one', 'two'])
  })

  it('does not start with a token that the Bot API does not know', async () => {
    const { app } = await openWorld({ bot: { token: '1234567:AAnother-token-that-nobody-has-ever-seen' } })
    await expect(app.run(app.make('bot.kernel'))).rejects.toMatchObject({ code: 'LIMBER_BOT_TOKEN' })
  })
})

describe('with a webhook', () => {
  const webhook = { url: 'https://bot.example.com', secret: 'a-secret-of-the-test' }

  it('does not serve when its handlers cannot be used', async () => {
    class One extends MessageHandler {
      static commands = ['same']

      handle() {
        // It takes the command.
      }
    }
    class Two extends One {}
    const { app } = await openWorld({
      handlers: [One, Two],
      bot: { webhook },
      providers: [HttpServiceProvider],
    })
    const http = app.make('http').listenOn({ port: 0 })
    await expect(app.run(http)).rejects.toMatchObject({ code: 'LIMBER_COMMAND_CONFLICT' })
  })

  it('handles what is posted with its secret', async () => {
    const driver = driverOn(emptyFolder())
    const world = await openWorld({
      driver: driver(),
      handlers: [Write],
      bot: { webhook },
      providers: [HttpServiceProvider],
    })
    const { app, server } = world
    await app.run(app.make('http').listenOn({ port: 0, host: '127.0.0.1' }))
    const ada = server.make.user()
    const update = server.make.message(ada, '/write one')
    const post = (secret: string) =>
      fetch(`${app.make('http').address}/bot/updates`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secret },
        body: JSON.stringify(update),
      })
    expect((await post('another-secret')).status).toBe(401)
    expect((await post(webhook.secret)).status).toBe(200)
    expect((await post(webhook.secret)).status).toBe(200)
    expect(await world.deeds()).toEqual(['one'])
    expect(server.log.texts(ada.id)).toEqual(['written: one'])
  })
})
