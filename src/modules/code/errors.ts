/** @module What can be wrong with the code of a module. */
import { type ErrorKind, LimberError } from '../../errors/limber-error.ts'

export class ModuleCodeError extends LimberError {
  readonly code = 'LIMBER_MODULE_CODE'
  readonly kind: ErrorKind = 'internal'

  /** @param place the file from the root of the application, with the line where it is known */
  constructor(place: string, reason: string, hint: string, cause?: unknown) {
    super(`"${place}" cannot be imported: ${reason}`, { path: [place], hint, cause })
  }
}
