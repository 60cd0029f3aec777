import { command, type IncomingMessage } from 'limber/bot'
import { ModuleProvider } from 'limber/modules'
import { RoundCommand } from './commands/round-command.ts'
import { round as deep } from './deep/er/number.ts'
import { CountAuthors, Talk } from './handlers.ts'
import { Author } from './models/author.ts'
import { Book } from './models/book.ts'
import { BooksController } from './routes/books.ts'
import { Basket, Ink, Pen, Stock } from './services.ts'

const round: number = 0

declare module 'limber' {
  interface Services {
    'stall.round': number
    'stall.slow': string
    'stall.stock': Stock
  }
}

export class Stall extends ModuleProvider {
  override register() {
    this.app.singleton(Stock)
    this.app.alias('stall.stock', Stock)
    this.app.scoped(Basket)
    this.app.singleton('stall.round', () => round)
    this.app.singleton('stall.slow', async () => this.strings.text('round', { round }))
  }

  override async onDatabaseReady() {
    await this.db.sessionScope((session) => session.count(Book))
  }

  override async onUnload() {
    await this.db.sessionScope((session) => session.count(Author))
  }

  rounds() {
    return [round, deep, this.app.make(Stock).pen.ink.round, new Book().edition]
  }

  /** Every class of the module. */
  classes() {
    return [Stall, RoundCommand, Author, Book, BooksController, Basket, Ink, Pen, Stock, CountAuthors, Talk]
  }

  @command('stall')
  tell(message: IncomingMessage) {
    message.reply(`Stall ${round}`)
  }
}

declare module 'limber/modules' {
  interface ModuleTypes {
    stall: Stall
  }
}
