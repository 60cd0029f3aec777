/** @module Publishes the commands of a bot, again when handlers come and go. */
import type { Api } from 'grammy'
import type { LanguageCode } from 'grammy/types'
import type { HandlerTable } from './handler-table.ts'
import { type PublishFacts, publishCommands } from './publish-commands.ts'

export class CommandPublisher {
  readonly #api: Api
  readonly #table: HandlerTable
  readonly #facts: PublishFacts
  #languages: readonly LanguageCode[] = []
  #latest: Promise<void> = Promise.resolve()
  #isWaiting = false

  constructor(api: Api, table: HandlerTable, facts: PublishFacts) {
    this.#api = api
    this.#table = table
    this.#facts = facts
  }

  /** One after the other, so that the last list is the one that stays; several that wait are one. It does not fail. */
  publish(): Promise<void> {
    if (this.#isWaiting) return this.#latest
    this.#isWaiting = true
    this.#latest = this.#latest.then(async () => {
      this.#isWaiting = false
      const facts = { ...this.#facts, before: this.#languages }
      this.#languages = await publishCommands(this.#api, this.#table, facts)
    })
    return this.#latest
  }
}
