/** @module Whether the application works: asks every service that is tagged `health`. */
import type { Application } from './application.ts'
import type { HealthCheck } from './ports/health-check.ts'
import { ServiceProvider } from './service-provider.ts'

export interface HealthReport {
  /** Failing when a check is that the application cannot work without. */
  readonly status: 'ok' | 'failing'
  readonly checks: Readonly<Record<string, 'ok' | 'failing'>>
}

declare module '../container/services.ts' {
  interface Services {
    health: Health
  }
}

export interface HealthOptions {
  /** How long one check may take before it counts as failing, in milliseconds; default: 5,000. */
  readonly timeout?: number
  /** How old a report may be that is given again, in milliseconds; default: 0, every call asks anew. */
  readonly maxAge?: number
}

export class Health {
  readonly #app: Application
  readonly #running = new Map<HealthCheck, Promise<void>>()
  #latest: Promise<HealthReport> | undefined
  #latestUntil = 0

  constructor(app: Application) {
    this.#app = app
  }

  /** Runs every check at once. Reasons go to the log, not into the report: it is public. */
  report({ timeout = 5000, maxAge = 0 }: HealthOptions = {}): Promise<HealthReport> {
    if (maxAge > 0 && this.#latest && performance.now() < this.#latestUntil) return this.#latest
    const report = this.#ask(timeout)
    this.#latest = report
    // Until it is there, everybody who may have an older one waits for it.
    this.#latestUntil = Number.POSITIVE_INFINITY
    return report.finally(() => {
      if (this.#latest === report) this.#latestUntil = performance.now() + maxAge
    })
  }

  async #ask(timeout: number): Promise<HealthReport> {
    const checks = this.#app.tagged('health')
    const results = await Promise.allSettled(checks.map((check) => within(timeout, this.#run(check))))
    const report: Record<string, 'ok' | 'failing'> = {}
    for (const [index, result] of results.entries()) {
      const name = checks[index]?.name ?? `check ${index}`
      report[name] = result.status === 'fulfilled' ? 'ok' : 'failing'
      if (result.status === 'rejected')
        this.#app.make('log').warn({ err: result.reason }, `health: ${name} is failing`)
    }
    const isFailing = results.some(({ status }, index) => status === 'rejected' && !checks[index]?.isOptional)
    return { status: isFailing ? 'failing' : 'ok', checks: report }
  }

  /** A check that hangs is not begun a second time: each would hold a connection. */
  #run(check: HealthCheck): Promise<void> {
    let running = this.#running.get(check)
    if (!running) {
      running = Promise.resolve().then(() => check.check())
      this.#running.set(check, running)
      const forget = () => void this.#running.delete(check)
      running.then(forget, forget)
    }
    return running
  }
}

async function within(timeout: number, work: Promise<void>): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`It did not answer within ${timeout} ms.`)), timeout)
  try {
    await Promise.race([work, promise])
  } finally {
    clearTimeout(timer)
  }
}

export class HealthServiceProvider extends ServiceProvider {
  override register(): void {
    this.app.singleton('health', () => new Health(this.app))
  }
}
