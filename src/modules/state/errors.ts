/** @module What can go wrong with the list of enabled modules. */
import { type ErrorKind, LimberError } from '../../errors/limber-error.ts'

export class EnabledModulesFileError extends LimberError {
  readonly code = 'LIMBER_ENABLED_MODULES_FILE'
  readonly kind: ErrorKind = 'invalid'

  constructor(file: string, reason: string, cause?: unknown) {
    super(`The list of enabled modules, "${file}", cannot be read: ${reason}.`, {
      hint: 'Put it right, or delete it and enable the modules again: "limber module enable <name>".',
      cause,
    })
  }
}

export class EnabledModulesBusyError extends LimberError {
  readonly code = 'LIMBER_ENABLED_MODULES_BUSY'
  readonly kind: ErrorKind = 'unavailable'

  constructor(file: string, holder: string, seconds: number) {
    super(`The list of enabled modules, "${file}", is being written by ${holder} for ${seconds} seconds.`, {
      hint: 'Look at what that process waits for, and try again.',
    })
  }
}
