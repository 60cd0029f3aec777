/** @module Says at the start of an application that the database or the models are ahead of the migrations. */
import { setTimeout as wait } from 'node:timers/promises'
import type { Application } from '../../../application/application.ts'
import type { StartWatch } from '../../../application/ports/start-watch.ts'
import { driftSettings } from './drift-settings.ts'
import { DriftError } from './errors.ts'
import type { Drift, DriftWords } from './find-drift.ts'

/** How long the look waits after the start, in milliseconds: who has waited for the start is answered first. */
const REST = 100

export class DriftWatch implements StartWatch {
  readonly #app: Application
  #hasLooked = false
  #isOver = false
  #giveUp: () => void = () => undefined

  constructor(app: Application) {
    this.#app = app
  }

  /** @throws {DriftError} where the configuration wants the start to fail */
  async beforeStart(): Promise<void> {
    if (this.#settings.mode !== 'fail') return
    const { what, commands } = await this.#look()
    if (what.length > 0) throw new DriftError(what, commands)
  }

  afterStart(): void {
    // Several kernels of one application share what is found.
    if (this.#settings.mode !== 'warn' || this.#hasLooked) return
    this.#hasLooked = true
    void this.#warn()
  }

  /** Whoever stops the application does not wait for a database that does not answer. */
  end(): void {
    this.#isOver = true
    this.#giveUp()
  }

  get #settings() {
    return driftSettings(this.#app.config.find('database.migrations'), this.#app.environment)
  }

  async #warn(): Promise<void> {
    // A process that has nothing else to do may end meanwhile.
    await wait(REST, undefined, { ref: false })
    if (this.#isOver) return
    const started = performance.now()
    const { what, commands, pending, modelsChanged, modules } = await this.#look()
    if (this.#isOver) return
    const log = this.#app.make('log')
    const milliseconds = performance.now() - started
    if (what.length === 0) return log.debug({ milliseconds }, 'No drift was found.')
    log.warn(
      { pending, modelsChanged, modules, milliseconds },
      `${what.join(' ')} Run: ${commands.join(', then: ')}`,
    )
  }

  /** What could not be compared is no reason to fail: an application starts also when its database does not answer. */
  async #look(): Promise<Drift & DriftWords> {
    const { timeout } = this.#settings
    const { promise: late, reject } = Promise.withResolvers<never>()
    // Nobody may be waiting for it any more.
    late.catch(() => undefined)
    this.#giveUp = () => reject(new Error('The application stops.'))
    const timer = setTimeout(
      () => reject(new Error(`The database did not answer within ${timeout} ms.`)),
      timeout,
    )
    try {
      const log = this.#app.make('log')
      const { findDrift, wordsFor } = await import('./find-drift.ts')
      const drift = await findDrift(this.#app, late)
      for (const err of drift.failures) log.debug({ err }, 'Drift could not be looked for.')
      return { ...drift, ...wordsFor(drift) }
    } finally {
      clearTimeout(timer)
    }
  }
}
