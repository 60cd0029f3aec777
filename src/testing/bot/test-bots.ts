/** @module Keeps the bots of test applications away from the network. */
import type { Application } from '../../application/application.ts'
import type { BotConfig } from '../../bot/bot-config.ts'
import type {} from '../../bot/transport/transport.ts'
import { BotApiInMemory, TEST_TOKEN } from './bot-api-in-memory.ts'

const apis = new WeakMap<Application, BotApiInMemory>()

type BotSection = BotConfig | undefined

/** The configured bot with a token that nobody has; the test may say what else is different. */
export function botInMemory(given: unknown): (section: BotSection) => BotSection {
  return (section) => {
    const wanted: unknown = typeof given === 'function' ? given(section) : (given ?? section)
    return wanted && typeof wanted === 'object' ? { ...wanted, token: TEST_TOKEN } : undefined
  }
}

/** Has the Bot API of a booted application answered in memory. */
export function answerInMemory(app: Application): void {
  if (!app.has('bot.transport')) return
  const api = new BotApiInMemory()
  apis.set(app, api)
  app.swap('bot.transport', api.transport)
}

export function apiInMemoryOf(app: Application): BotApiInMemory | undefined {
  return apis.get(app)
}
