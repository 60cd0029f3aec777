/** @module What every store of updates can answer, wherever it keeps them. */
import { type ErrorKind, LimberError } from '../../errors/limber-error.ts'
import type { UpdateKey } from '../ports/update-store.ts'

export class UpdateHandledError extends LimberError {
  readonly code = 'LIMBER_UPDATE_HANDLED'
  readonly kind: ErrorKind = 'conflict'

  constructor({ bot, update }: UpdateKey, cause?: unknown) {
    super(`The update ${update} of the bot ${bot} has been handled already.`, {
      hint: 'Let the unit of work fail: whoever was first has committed the effects of this update.',
      cause,
    })
  }
}
