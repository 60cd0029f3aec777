import { type Config, type Health, inject, injectable } from 'limber'
import type { HttpContext } from 'limber/http'

@injectable()
export class HomeController {
  constructor(
    @inject('config') private readonly config: Config,
    @inject('health') private readonly health: Health,
  ) {}

  welcome() {
    return { message: `Welcome to ${this.config.get('app.name')}.`, books: '/books', health: '/health' }
  }

  async status({ response }: HttpContext) {
    const report = await this.health.report()
    if (report.status === 'failing') response.status(503)
    return report
  }
}
