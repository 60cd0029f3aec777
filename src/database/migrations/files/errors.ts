/** @module What can go wrong with the files beside migrations. */
import { type ErrorKind, LimberError } from '../../../errors/limber-error.ts'

export class ManifestError extends LimberError {
  readonly code = 'LIMBER_MANIFEST'
  readonly kind: ErrorKind = 'invalid'

  constructor(file: string, reason: string, cause?: unknown) {
    super(`${file} cannot be used: ${reason}`, {
      path: [file],
      hint: 'Write it again beside the compiled migrations, with the build: limber db manifest --out <folder>',
      cause,
    })
  }
}
