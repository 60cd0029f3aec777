/** @module How a failure leaves the binary: as text on standard error, and as an exit code. */
import { printError } from '../errors/print-error.ts'
import { maskSecrets } from '../support/mask-secrets.ts'
import { exitCodeOf } from './exit-codes.ts'
import type { Output } from './output.ts'

/** Prints what was thrown, without passwords, and gives the exit code for it. */
export function reportFailure(error: unknown, output: Output): number {
  output.error(maskSecrets(printError(error)))
  return exitCodeOf(error)
}
