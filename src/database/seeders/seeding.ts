/** @module One run of seeders: calls them in turn, and tells how far they are. */
import type { Application } from '../../application/application.ts'
import type { Session } from '../sessions/session.ts'

export type Report = (line: string) => void

/** A seeder, seen from here. */
type Runnable = new (...args: never[]) => { run(session: Session, seeding: Seeding): Promise<void> }

export class Seeding {
  readonly #app: Application
  readonly #session: Session
  readonly #report: Report
  readonly #depth: number

  constructor(app: Application, session: Session, report: Report, depth = 0) {
    this.#app = app
    this.#session = session
    this.#report = report
    this.#depth = depth
  }

  /** Runs another seeder in the same unit of work, and writes what it has made. */
  async call(Seeder: Runnable): Promise<void> {
    const started = performance.now()
    const inner = new Seeding(this.#app, this.#session, this.#report, this.#depth + 1)
    await this.#app.make(Seeder).run(this.#session, inner)
    // Written here, so that a failure is reported instead of the success below.
    await this.#session.flush()
    this.say(`Seeded with ${Seeder.name} (${Math.round(performance.now() - started)} ms)`)
  }

  /** Tells how far it is. */
  say(message: string): void {
    this.#report('  '.repeat(this.#depth) + message)
  }
}
