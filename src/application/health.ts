/** @module Whether the application works: asks every service that is tagged `health`. */
import type { Application } from './application.ts'
import type { HealthCheck } from './ports/health-check.ts'
import { ServiceProvider } from './service-provider.ts'

export interface HealthReport {
  readonly status: 'ok' | 'failing'
  readonly checks: Readonly<Record<string, 'ok' | 'failing'>>
}

declare module '../container/services.ts' {
  interface Services {
    health: Health
  }
}

export class Health {
  readonly #app: Application

  constructor(app: Application) {
    this.#app = app
  }

  /** Runs every check at once. Reasons go to the log, not into the report: it is public. */
  async report(): Promise<HealthReport> {
    // Only health checks are to be tagged "health": the port is the contract of the tag.
    const checks = this.#app.tagged('health') as HealthCheck[]
    const results = await Promise.allSettled(checks.map(async (check) => check.check()))
    const report: Record<string, 'ok' | 'failing'> = {}
    for (const [index, result] of results.entries()) {
      const name = checks[index]?.name ?? `check ${index}`
      report[name] = result.status === 'fulfilled' ? 'ok' : 'failing'
      if (result.status === 'rejected')
        this.#app.make('log').warn({ err: result.reason }, `health: ${name} is failing`)
    }
    const isFailing = results.some((result) => result.status === 'rejected')
    return { status: isFailing ? 'failing' : 'ok', checks: report }
  }
}

export class HealthServiceProvider extends ServiceProvider {
  override register(): void {
    this.app.singleton('health', () => new Health(this.app))
  }
}
