/** @module Kinds of updates that nobody takes: each is told once. */
import type { Application } from '../../application/application.ts'

/** Whoever sends updates chooses the names. */
const REMEMBERED = 100

export class UnknownKinds {
  readonly #app: Application
  readonly #told = new Set<string>()

  constructor(app: Application) {
    this.#app = app
  }

  note(kind: string): void {
    if (this.#told.has(kind) || this.#told.size >= REMEMBERED) return
    this.#told.add(kind)
    this.#app.make('log').info({ update_kind: kind.slice(0, 64) }, 'bot: nobody takes updates of this kind')
  }
}
