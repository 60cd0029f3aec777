import { inject, injectable } from 'limber'
import { type Command, defineCommand, Output } from 'limber/console'
import { Item } from '../models/item.ts'

const definition = defineCommand({ name: 'items', description: 'List the items of the database.' })

@injectable()
export class ItemsCommand implements Command<typeof definition> {
  static readonly definition = definition

  constructor(@inject('output') private readonly output: Output) {}

  async run() {
    this.output.line('Database items:')
    for (const { id, info } of await Item.all()) this.output.line(`${id} - ${info}`)
  }
}
