/** @module What can be wrong with answering an update. */
import { type ErrorKind, LimberError } from '../../errors/limber-error.ts'

export class UpdateWithoutMessageError extends LimberError {
  readonly code = 'LIMBER_UPDATE_WITHOUT_MESSAGE'
  readonly kind: ErrorKind = 'internal'

  /** @param call what needs a message: `reply()` */
  constructor(call: string, hint: string) {
    super(`${call} was called for a callback query that came without a message of a chat.`, { hint })
  }
}
