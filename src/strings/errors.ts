/** @module What can go wrong with texts. */
import { type ErrorKind, type Fault, LimberError } from '../errors/limber-error.ts'
import { fewOf, firstOf } from '../yaml/faults.ts'

export class StringsError extends LimberError {
  readonly code = 'LIMBER_STRINGS'
  readonly kind: ErrorKind = 'invalid'

  constructor(faults: readonly Fault[], cause?: unknown) {
    super(firstOf(faults), {
      faults: fewOf(faults),
      hint: 'Correct the files in strings/; docs/modules.md says how texts are written.',
      cause,
    })
  }
}

export class TextValueError extends LimberError {
  readonly code = 'LIMBER_TEXT_VALUE'
  readonly kind: ErrorKind = 'internal'

  /** @param place of the text: `modules/shop/strings/de.yaml:3` */
  constructor(key: string, language: string, place: string, reason: string, cause?: unknown) {
    super(`The text "${key}" (${language}, ${place}) cannot be filled in: ${reason}.`, {
      hint: `Give strings.text('${key}', { … }) every value that the text names.`,
      cause,
    })
  }
}
