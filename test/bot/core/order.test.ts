/** In which order updates are handled, and how many at once. Without a database. */
import { type IncomingMessage, MessageHandler } from 'limber/bot'
import { describe, expect, it } from 'vitest'
import { openWorld } from './support/bot-world.ts'

interface Gate {
  /** What has begun, in order. */
  readonly begun: string[]
  readonly ended: string[]
  /** How many are at work. */
  active: number
  most: number
  open(text: string): void
}

/** Handlers that wait until the test lets them go on. */
function gated() {
  const waiting = new Map<string, () => void>()
  const gate: Gate = {
    begun: [],
    ended: [],
    active: 0,
    most: 0,
    open: (text) => waiting.get(text)?.(),
  }
  class Wait extends MessageHandler {
    async handle(message: IncomingMessage) {
      const text = message.text ?? ''
      gate.begun.push(text)
      gate.active += 1
      gate.most = Math.max(gate.most, gate.active)
      await new Promise<void>((resolve) => waiting.set(text, resolve))
      gate.active -= 1
      gate.ended.push(text)
      message.reply(`done: ${text}`)
      if (text.includes('fail')) throw new Error('It fails.')
    }
  }
  return { gate, Wait }
}

describe('updates of one chat', () => {
  it('are handled one after the other, in the order in which they came, also after one that fails', async () => {
    const { gate, Wait } = gated()
    const { bot, server } = await openWorld({ handlers: [Wait] })
    const ada = server.make.user()
    const all = ['a1', 'a2 fail', 'a3'].map((text) => bot.handle(server.make.message(ada, text)))
    for (const [index, text] of ['a1', 'a2 fail', 'a3'].entries()) {
      await server.until(() => gate.begun.length === index + 1)
      expect(gate.begun.at(-1)).toBe(text)
      expect(gate.active).toBe(1)
      gate.open(text)
    }
    await Promise.all(all)
    expect(gate.ended).toEqual(['a1', 'a2 fail', 'a3'])
    expect(gate.most).toBe(1)
    expect(server.log.texts(ada.id)).toEqual([
      'done: a1',
      'Something went wrong. Try again later.',
      'done: a3',
    ])
  })

  it('wait for no other chat', async () => {
    const { gate, Wait } = gated()
    const { bot, server } = await openWorld({ handlers: [Wait] })
    const [ada, bea] = [server.make.user(), server.make.user()]
    const slow = bot.handle(server.make.message(ada, 'a1'))
    await server.until(() => gate.begun.length === 1)
    const fast = bot.handle(server.make.message(bea, 'b1'))
    await server.until(() => gate.begun.length === 2)
    gate.open('b1')
    await fast
    expect(gate.ended).toEqual(['b1'])
    gate.open('a1')
    await slow
  })
})

it('works for as many chats at once as the configuration says, and for no more', async () => {
  const { gate, Wait } = gated()
  const { bot, server } = await openWorld({ handlers: [Wait], bot: { concurrency: 3 } })
  const texts = ['1', '2', '3', '4', '5', '6', '7']
  const all = texts.map((text) => bot.handle(server.make.message(server.make.user(), text)))
  for (const text of texts) {
    await server.until(() => gate.begun.includes(text))
    gate.open(text)
  }
  await Promise.all(all)
  expect(gate.most).toBe(3)
  expect(gate.begun).toEqual(texts)
})

it('takes no update twice while it is at it', async () => {
  const { gate, Wait } = gated()
  const { bot, server } = await openWorld({ handlers: [Wait] })
  const update = server.make.message(server.make.user(), 'once')
  const both = [bot.handle(update), bot.handle(structuredClone(update))]
  await server.until(() => gate.begun.length === 1)
  gate.open('once')
  await Promise.all(both)
  await bot.handle(update)
  expect(gate.begun).toEqual(['once'])
})
