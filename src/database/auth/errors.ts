/** @module What can go wrong between auth and the models. */
import { type ErrorKind, LimberError } from '../../errors/limber-error.ts'

export class AuthModelError extends LimberError {
  readonly code = 'LIMBER_AUTH_MODEL'
  readonly kind: ErrorKind = 'internal'

  /**
   * @param call what was asked to use the model: `modelUsers`
   * @param reason a whole sentence
   */
  constructor(call: string, reason: string, hint?: string) {
    super(`${call} cannot use its model: ${reason}`, { path: ['config/auth.ts', call], hint })
  }
}
