import { setImmediate as turn } from 'node:timers/promises'
import { BotServiceProvider } from 'limber/bot'
import { createTestApplication } from 'limber/testing'
import { expect, test } from 'vitest'
import { appFolder } from '../support/app-folder.ts'

// It was answered at once that there is nothing, and asked again, until the end of the process.
test('the Bot API of a test keeps who asks for updates waiting', async () => {
  await using kit = await createTestApplication({
    root: appFolder({ 'config/app.ts': 'export default { name: "polls", providers: [] }' }),
    config: { app: { name: 'polls', providers: [BotServiceProvider] }, bot: { token: '', flood: false } },
  })
  const { apiRoot, fetch } = kit.make('bot.transport')
  const end = new AbortController()
  const body = JSON.stringify({ timeout: 30 })
  const reply = fetch?.(`${apiRoot}/bot1:x/getUpdates`, { method: 'POST', body, signal: end.signal })
  expect(await Promise.race([reply, turn('it waits')])).toBe('it waits')
  end.abort()
  expect(await (await reply)?.json()).toEqual({ ok: true, result: [] })

  const kernel = kit.make('bot.kernel')
  await kit.app.run(kernel)
  await kernel.stop(Date.now())
  await kernel.ended()
})
