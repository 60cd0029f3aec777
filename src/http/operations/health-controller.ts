/** @module Answers whoever supervises the process. */
import { inject, injectable } from 'inversify'
import type { Application } from '../../application/application.ts'
import type { RequestFacts } from '../requests/request-facts.ts'

@injectable()
export class HealthController {
  constructor(@inject('app') private readonly app: Application) {}

  /** The process answers: nothing else is asked, since starting it again would help nothing else. */
  live({ response }: RequestFacts) {
    response.header('cache-control', 'no-store')
    return { status: 'ok' }
  }

  /** Whether to send requests here: not while a check fails, nor from the first moment of a stop. */
  async ready({ response }: RequestFacts) {
    response.header('cache-control', 'no-store')
    const report = this.app.make('http').isStopping ? { status: 'stopping' } : await this.#report()
    if (report.status !== 'ok') response.status(503)
    return report
  }

  #report() {
    const { timeout, cache: maxAge = 1000 } = this.app.config.find('http')?.health || {}
    return this.app.make('health').report({ maxAge, ...(timeout !== undefined && { timeout }) })
  }
}
