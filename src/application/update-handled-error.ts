/** @module Says that an update of a bot was handled before: the store of updates and the bot know it by this class. */
import { type ErrorKind, LimberError } from '../errors/limber-error.ts'
import type { UpdateKey } from './ports/update-store.ts'

export class UpdateHandledError extends LimberError {
  readonly code = 'LIMBER_UPDATE_HANDLED'
  readonly kind: ErrorKind = 'conflict'

  constructor({ bot, update }: UpdateKey, cause?: unknown) {
    super(`The update ${update} of the bot ${bot} is recorded as handled already; it is not handled again.`, {
      hint: 'Nothing has to be done: its effects are kept, and what this unit of work wrote is rolled back.',
      cause,
    })
  }
}

/** Whether this is what a unit of work failed of: also below the error of its commit. */
export function isUpdateHandled(error: unknown, depth = 0): boolean {
  if (error instanceof UpdateHandledError) return true
  return error instanceof Error && depth < 5 && isUpdateHandled(error.cause, depth + 1)
}
