/** @module What is wrong with an entry of a list of models, for whoever knows whose list it is. */
import { ModelFileError } from '../errors.ts'

export class ModelFault extends Error {
  readonly #entry: string
  readonly #reason: string
  readonly #hint: string

  constructor(entry: string, reason: string, hint: string, cause?: unknown) {
    super(reason, { cause })
    this.#entry = entry
    this.#reason = reason
    this.#hint = hint
  }

  of(list: string): ModelFileError {
    return new ModelFileError(this.#entry, this.#reason, this.#hint, this.cause, list)
  }
}
