import { inject, injectable } from 'limber'
import { Conversation, type IncomingMessage, MessageHandler } from 'limber/bot'
import type { Session } from 'limber/database'
import { Author } from './models/author.ts'
import { Basket } from './services.ts'

const round: number = 0

@injectable()
export class CountAuthors extends MessageHandler {
  static commands = ['authors']
  static limit = { max: 1_000_000, window: 1000 }

  constructor(
    @inject('db.session.stall') readonly session: Session,
    readonly basket: Basket,
  ) {
    super()
  }

  static async filter(incoming: IncomingMessage) {
    return incoming.from !== undefined
  }

  async handle(message: IncomingMessage) {
    const authors = await this.session.count(Author)
    const deep = this.basket.stock.pen.ink.round
    message.reply(await message.render('authors', { authors, round, deep }))
  }
}

export class Talk extends Conversation<{ said: string }> {
  static commands = ['talk']

  handle(message: IncomingMessage) {
    message.reply(message.translate('round', { round }))
    this.next('goOn', { said: 'nothing' })
  }

  goOn(message: IncomingMessage) {
    message.reply(`${this.data.said} ${round}`)
    this.end()
  }
}
