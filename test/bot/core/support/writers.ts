/** @module Handlers that write down what they did. */
import { inject, injectable } from 'limber'
import { type IncomingMessage, MessageHandler } from 'limber/bot'
import type { Session } from 'limber/database'
import { Deed } from './bot-world.ts'

/** `/write a poem` writes a poem. */
@injectable()
export class Write extends MessageHandler {
  static commands = ['write']

  constructor(@inject('db.session') protected readonly session: Session) {
    super()
  }

  handle(message: IncomingMessage): void | Promise<void> {
    const text = message.command?.args ?? ''
    this.session.persist(this.session.create(Deed, { user: message.from?.id ?? 0, text }))
    message.reply(`written: ${text}`)
  }
}

/** Writes, and then fails. */
export class WriteBadly extends Write {
  static override commands = ['badly']

  override async handle(message: IncomingMessage) {
    await super.handle(message)
    await this.session.flush()
    throw new Error('The pen broke.')
  }
}
