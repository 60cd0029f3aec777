import { type Config, inject, injectable } from 'limber'

@injectable()
export class HomeController {
  constructor(@inject('config') private readonly config: Config) {}

  welcome() {
    return { message: `Welcome to ${this.config.get('app.name')}.`, books: '/books', health: '/health' }
  }
}
