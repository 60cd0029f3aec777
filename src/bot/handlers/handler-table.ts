/** @module Who takes an update: one handler, found by its command, by a state, or by what else it says. */
import { IncomingMessage } from '../incoming/incoming-message.ts'
import type { IncomingUpdate } from '../incoming/incoming-update.ts'
import type { AnyUpdateKind } from '../updates/update-kind.ts'
import { applies } from './applies.ts'
import { CommandConflictError } from './errors.ts'
import { fitsText } from './fits-text.ts'
import { HandlerIndex } from './handler-index.ts'
import { sharedCommand, statesOf } from './overlap.ts'
import type { RegisteredHandler } from './registered-handler.ts'

/** Gives the name of the state that a module has with whoever sent the update. */
export type StateName = (module: string | undefined) => Promise<string | undefined>

/** It may throw as well: then nobody takes the update. */
export type OnFault = (error: unknown, handler: RegisteredHandler) => void

export class HandlerTable {
  #handlers: readonly RegisteredHandler[] = []
  #present: ReadonlySet<RegisteredHandler> = new Set()
  #indexes: ReadonlyMap<AnyUpdateKind, HandlerIndex> = new Map()

  /** In the order in which they are asked: the application's first, then those of each module as it was loaded. */
  get handlers(): readonly RegisteredHandler[] {
    return this.#handlers
  }

  /** The update kinds that somebody takes. */
  get kinds(): readonly AnyUpdateKind[] {
    return [...this.#indexes.keys()]
  }

  /**
   * Adds handlers, at any time.
   *
   * @returns takes them away again; an update that was matched before is still theirs
   * @throws {CommandConflictError} names both handlers; then nothing is added
   */
  add(handlers: readonly RegisteredHandler[]): () => void {
    checkCommands(this.#handlers, handlers)
    this.#set([...this.#handlers, ...handlers])
    return () => this.#set(this.#handlers.filter((each) => !handlers.includes(each)))
  }

  /**
   * Finds the one handler of an update: with a command and a state, else with a command, else with a state, else any.
   *
   * @param stateName is asked at most once for each module, and only where a handler depends on it
   * @param onFault is told of a filter that fails: its handler takes nothing then, the others may
   */
  async match(
    incoming: IncomingUpdate,
    stateName: StateName,
    onFault: OnFault = rethrow,
  ): Promise<RegisteredHandler | undefined> {
    const command = incoming instanceof IncomingMessage ? incoming.command?.name : undefined
    const states = new Map<string | undefined, Promise<string | undefined>>()
    const stateOf = (module: string | undefined) => {
      const asked = states.get(module) ?? stateName(module)
      states.set(module, asked)
      return asked
    }
    for (const handler of this.#indexes.get(incoming.kind)?.candidates(command) ?? []) {
      // It may go meanwhile, with its module, whose code is not run any more then.
      if (!this.#present.has(handler)) continue
      if (!(await takes(handler, incoming, stateOf, onFault))) continue
      if (this.#present.has(handler)) return handler
    }
    return undefined
  }

  /** What is being matched goes on with the indexes that it began with. */
  #set(handlers: readonly RegisteredHandler[]): void {
    this.#handlers = byOwner(handlers)
    this.#present = new Set(this.#handlers)
    const kinds = new Set(this.#handlers.flatMap((handler) => handler.kinds))
    this.#indexes = new Map([...kinds].map((kind) => [kind, new HandlerIndex(kind, this.#handlers)]))
  }
}

/** The application comes first, then each module where its first handler stands. */
function byOwner(handlers: readonly RegisteredHandler[]): RegisteredHandler[] {
  const owners = new Map<string | undefined, RegisteredHandler[]>([[undefined, []]])
  for (const handler of handlers) {
    const own = owners.get(handler.module) ?? []
    own.push(handler)
    owners.set(handler.module, own)
  }
  return [...owners.values()].flat()
}

/** @throws {CommandConflictError} */
function checkCommands(there: readonly RegisteredHandler[], added: readonly RegisteredHandler[]): void {
  const known = [...there]
  for (const handler of added) {
    for (const other of known) {
      const command = sharedCommand(other, handler)
      if (command !== undefined) throw new CommandConflictError(command, other, handler)
    }
    known.push(handler)
  }
}

async function takes(
  handler: RegisteredHandler,
  incoming: IncomingUpdate,
  stateOf: StateName,
  onFault: OnFault,
): Promise<boolean> {
  const { options, module } = handler
  if (!applies(options, incoming)) return false
  const states = statesOf(handler)
  if (states && !fitsText(states, await stateOf(module))) return false
  try {
    return options.filter === undefined || (await options.filter(incoming))
  } catch (error) {
    onFault(error, handler)
    return false
  }
}

function rethrow(error: unknown): never {
  throw error
}
