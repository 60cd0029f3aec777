/** @module What an error of a unit of work means for its update: whether it is handled, begun again, or comes again. */
import { UpdateHandledError } from '../../application/update-stores/errors.ts'
import { LimberError } from '../../errors/limber-error.ts'

/** Whether it may work later: nothing is kept then, and the update comes again. */
export function isUnavailable(error: unknown): boolean {
  return error instanceof LimberError && error.kind === 'unavailable'
}

/** Whether others changed the same data at the same time: the whole unit of work is repeated. */
export function isConflict(error: unknown): boolean {
  return error instanceof LimberError && error.code === 'LIMBER_TRANSACTION_CONFLICT'
}

/** Whether another one had handled the update before: also below the error of the commit. */
export function isUpdateHandled(error: unknown, depth = 0): boolean {
  if (error instanceof UpdateHandledError) return true
  return error instanceof Error && depth < 5 && isUpdateHandled(error.cause, depth + 1)
}
