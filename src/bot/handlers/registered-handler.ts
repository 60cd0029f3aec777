/** @module A handler as it is registered: what it takes, whose it is, and how it is run. */
import type { IncomingUpdate } from '../incoming/incoming-update.ts'
import type { AnyUpdateKind } from '../updates/update-kind.ts'
import type { HandlerOptions, Role } from './handler-options.ts'

/** Where a handler comes from. */
export type HandlerOrigin = Pick<RegisteredHandler, 'module' | 'place'>

export interface RegisteredHandler {
  /** As messages and lists name it: `Profile`, `Points.add`. */
  readonly name: string
  /** The module whose it is; undefined for the application. */
  readonly module: string | undefined
  /** Where it was found, for messages: `modules/shop/handlers.ts`, `config/bot.ts`. */
  readonly place: string
  readonly kinds: readonly AnyUpdateKind[]
  readonly options: HandlerOptions
  /** Commands whose rules hold for it as well, though it does not take them: a step stands under the command that led to it. */
  readonly under?: readonly string[]
  /** Roles that a step says itself, one of which is needed besides what a rule for those commands says. */
  readonly besides?: readonly Role[]
  /** Makes it by the container of the scope that is open, and runs it. */
  run(incoming: IncomingUpdate): unknown
}
