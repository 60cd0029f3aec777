/** @module The part `handlers` of modules: their handlers come and go while the bot runs. */
import type { Application } from '../../application/application.ts'
import type { ModulePart, PartFile, PartOwner } from '../../application/ports/module-part.ts'
import { classesIn, eachOnce } from './load-handlers.ts'
import { handlersOf, handlersOfProvider, hasHandlerMethods } from './register-handlers.ts'
import type { RegisteredHandler } from './registered-handler.ts'

/** Who has them run: the bot. */
export interface HandlersHost {
  /** @returns takes them away, and waits until none of them runs, or until the deadline */
  add(handlers: readonly RegisteredHandler[], owner: PartOwner): Promise<(deadline: number) => Promise<void>>
}

export class HandlersPart implements ModulePart {
  readonly name = 'handlers'
  readonly permission = 'use_bot'
  readonly #app: Application
  readonly #host: HandlersHost

  constructor(app: Application, host: HandlersHost) {
    this.#app = app
    this.#host = host
  }

  standsIn(provider: object): boolean {
    return hasHandlerMethods(provider)
  }

  /**
   * Takes the handlers of a module: those of its files, and the methods of its provider.
   *
   * @throws {HandlerClassError} @throws {HandlersFileError} @throws {CommandConflictError} then nothing has changed
   */
  async add(owner: PartOwner, files: readonly PartFile[]): Promise<(deadline: number) => Promise<void>> {
    const { name, provider } = owner
    // The provider is there already: its class is not made again.
    const classes = files.flatMap((file) => classesIn(file.exports, file.path))
    const others = eachOnce(classes).filter(({ type }) => type !== provider.constructor)
    const handlers = [...handlersOfProvider(provider, name), ...handlersOf(this.#app, others, name)]
    return this.#host.add(handlers, owner)
  }
}
