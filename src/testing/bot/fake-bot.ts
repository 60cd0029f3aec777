/** @module The bot of a test: users write to it, and read what it answers, without any network. */
import type {} from '../../bot/bot-service-provider.ts'
import type { TestApplication } from '../test-application.ts'
import type { BotApiFailure, BotApiInMemory, BotCall } from './bot-api-in-memory.ts'
import { FakeBotError } from './errors.ts'
import { FakeGroup, type FakeGroupOptions } from './fake-group.ts'
import { FakeUser, type FakeUserOptions } from './fake-user.ts'
import type { PartialUpdate } from './partial-update.ts'
import { apiInMemoryOf } from './test-bots.ts'

/**
 * Gives the bot of a test application. The client of grammY runs as it always does, against a Bot API in memory.
 *
 * @throws {FakeBotError} when the application has no bot, or was created with `bot: 'configured'`
 * @example
 * ```ts
 * import { createTestApplication, fakeBot } from 'limber/testing'
 *
 * await using test = await createTestApplication()
 * const bot = await fakeBot(test)
 * const ada = bot.user({ name: 'Ada', language: 'de' })
 * await ada.send('/create_profile')
 * console.log(ada.texts)
 * ```
 */
export async function fakeBot(test: TestApplication): Promise<FakeBot> {
  const api = apiInMemoryOf(test.app)
  if (!api) {
    throw test.app.has('bot')
      ? new FakeBotError(
          'the application was created with the configured one',
          "Leave out bot: 'configured'.",
        )
      : new FakeBotError('the application has none', 'List BotServiceProvider in config/app.ts.')
  }
  await test.app.ready()
  return new FakeBot(test, api)
}

export class FakeBot {
  readonly #test: TestApplication
  readonly #api: BotApiInMemory
  #lastUpdate = 1000
  #lastUser = 7_000_000

  constructor(test: TestApplication, api: BotApiInMemory) {
    this.#test = test
    this.#api = api
  }

  /** Everything that was called, in order, also what failed. */
  get calls(): readonly BotCall[] {
    return this.#api.calls
  }

  /** What a method was given, once for each call. */
  callsOf(method: string): readonly BotCall['payload'][] {
    return this.calls.filter((call) => call.method === method).map(({ payload }) => payload)
  }

  user(options: FakeUserOptions = {}): FakeUser {
    this.#lastUser += 1
    const { id = this.#lastUser, name = `User ${id}`, username, language } = options
    const user = {
      ...{ id, is_bot: false, first_name: name },
      ...(username !== undefined && { username }),
      ...(language !== undefined && { language_code: language }),
    }
    return new FakeUser({ api: this.#api, receive: (update) => this.receive(update) }, user)
  }

  group(options: FakeGroupOptions = {}): FakeGroup {
    return new FakeGroup(this.#api, options)
  }

  /** Has the next call of a method refused, once. */
  failNext(method: string, failure: BotApiFailure): void {
    this.#api.failNext(method, failure)
  }

  /** Has the bot handle an update of any kind. It resolves when that is done, and its replies are sent. */
  receive(update: PartialUpdate): Promise<void> {
    this.#lastUpdate += 1
    return this.#test.app.make('bot').handle({ update_id: this.#lastUpdate, ...update })
  }
}
