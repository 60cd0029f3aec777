/** @module The handlers of one kind of update by their commands, in the order in which they are asked. */
import type { AnyUpdateKind } from '../updates/update-kind.ts'
import { statesOf } from './overlap.ts'
import type { RegisteredHandler } from './registered-handler.ts'

export class HandlerIndex {
  readonly #byCommand = new Map<string, RegisteredHandler[]>()
  readonly #others: readonly RegisteredHandler[]

  /** @param handlers in the order of their owners; those of other kinds are left out */
  constructor(kind: AnyUpdateKind, handlers: readonly RegisteredHandler[]) {
    const ordered = statesFirst(handlers.filter(({ kinds }) => kinds.includes(kind)))
    this.#others = ordered.filter(({ options }) => !options.commands)
    for (const handler of ordered) {
      for (const command of new Set(handler.options.commands)) this.#add(command, handler)
    }
  }

  /** Gives those that may take an update with this command, or without one. */
  *candidates(command: string | undefined): Iterable<RegisteredHandler> {
    if (command !== undefined) yield* this.#byCommand.get(command) ?? []
    yield* this.#others
  }

  #add(command: string, handler: RegisteredHandler): void {
    const known = this.#byCommand.get(command)
    if (known) known.push(handler)
    else this.#byCommand.set(command, [handler])
  }
}

function statesFirst(handlers: readonly RegisteredHandler[]): RegisteredHandler[] {
  return [
    ...handlers.filter((handler) => statesOf(handler)),
    ...handlers.filter((handler) => !statesOf(handler)),
  ]
}
