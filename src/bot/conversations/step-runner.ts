/** @module Runs one update of a conversation, and goes where it says. */
import type { Application } from '../../application/application.ts'
import type { Constructor } from '../../support/class-of.ts'
import { suggest } from '../../support/suggest.ts'
import { callMethod } from '../handlers/call-method.ts'
import { IncomingCallbackQuery } from '../incoming/incoming-callback-query.ts'
import type { IncomingUpdate } from '../incoming/incoming-update.ts'
import type { StateData } from '../state/chat-state.ts'
import type { BuiltInText } from '../texts/built-in-texts.ts'
import { ConversationStepError } from './errors.ts'
import type { ReadConversation } from './read-conversation.ts'
import { giveTurn, Turn } from './turn.ts'

export class StepRunner {
  readonly #app: Application
  readonly #type: Constructor
  readonly #conversation: ReadConversation

  constructor(app: Application, type: Constructor, conversation: ReadConversation) {
    this.#app = app
    this.#type = type
    this.#conversation = conversation
  }

  async begin(incoming: IncomingUpdate): Promise<void> {
    const before = await incoming.state.name()
    const turn = await this.#run(incoming, 'handle', {})
    if (turn.decision) return this.#follow(incoming, turn)
    // It replaces what there was, also when it says all there is to say at once; but not a state that it has set itself.
    if (before !== undefined && (await incoming.state.name()) === before) await incoming.state.clear()
  }

  async step(incoming: IncomingUpdate, step: string): Promise<void> {
    // It was there when the step was found: a middleware, or the time, may have ended it since.
    if ((await incoming.state.name()) !== this.#stateOf(step)) return say(incoming, 'bot.conversation-over')
    const turn = await this.#run(incoming, step, await incoming.state.data())
    if (turn.decision) return this.#follow(incoming, turn)
    // It waits as long for the next answer as it did for this one.
    if (this.#conversation.expiresIn !== undefined) await this.#go(incoming, step, turn.data)
  }

  async cancel(incoming: IncomingUpdate): Promise<void> {
    await incoming.state.clear()
    say(incoming, 'bot.cancelled')
  }

  /** Of a step that was there when it was asked. */
  async giveUp(incoming: IncomingUpdate): Promise<void> {
    const facts = { conversation: this.#conversation.name, state: await incoming.state.name() }
    this.#app.make('log').warn(facts, 'A conversation was at a step that there is no more: it is ended.')
    await incoming.state.clear()
    say(incoming, 'bot.conversation-over')
  }

  async #run(incoming: IncomingUpdate, method: string, data: StateData): Promise<Turn> {
    const conversation = Object(await this.#app.makeAsync<unknown>(this.#type))
    const turn = new Turn(data)
    giveTurn(conversation, turn)
    try {
      await callMethod(conversation, method, incoming)
    } finally {
      turn.finish()
    }
    return turn
  }

  async #follow(incoming: IncomingUpdate, { decision }: Turn): Promise<void> {
    if (decision === 'end') await incoming.state.clear()
    else if (decision) await this.#go(incoming, decision.step, decision.data)
  }

  /** @throws {ConversationStepError} */
  async #go(incoming: IncomingUpdate, step: string, data: StateData): Promise<void> {
    const { name, steps, expiresIn } = this.#conversation
    const names = steps.map((taking) => taking.step)
    if (!names.includes(step)) throw new ConversationStepError(name, step, suggest(step, names))
    await incoming.state.set(this.#stateOf(step), data, expiresIn === undefined ? {} : { expiresIn })
  }

  #stateOf(step: string): string {
    return `${this.#conversation.name}#${step}`
  }
}

/** To the chat; a state has one. */
function say(incoming: IncomingUpdate, key: BuiltInText): void {
  const text = incoming.translate(key)
  if (incoming.chat) incoming.call('sendMessage', { chat_id: incoming.chat.id, text })
  // Else the button would show for minutes that it waits.
  if (incoming instanceof IncomingCallbackQuery) incoming.answer()
}
