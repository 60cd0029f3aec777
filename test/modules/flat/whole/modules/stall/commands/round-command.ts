import { inject, injectable } from 'limber'
import { type Command, defineCommand, Output } from 'limber/console'
import { Basket } from '../services.ts'

const round: number = 0

@injectable()
export class RoundCommand implements Command {
  static readonly definition = defineCommand({ name: 'round', description: 'Say which round it is.' })

  constructor(
    private readonly basket: Basket,
    @inject('output') private readonly output: Output,
  ) {}

  async run() {
    this.output.line(`${round} ${this.basket.stock.pen.ink.round}`)
  }
}
