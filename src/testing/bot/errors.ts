/** @module What tests of bots are told. */
import { type ErrorKind, LimberError } from '../../errors/limber-error.ts'
import { suggest } from '../../support/suggest.ts'

export class NoSuchButtonError extends LimberError {
  readonly code = 'LIMBER_NO_SUCH_BUTTON'
  readonly kind: ErrorKind = 'internal'

  /** @param known the labels of those that can be pressed */
  constructor(button: string, known: readonly string[]) {
    const near = suggest(button, known)
    super(`No message of the bot has a button "${button}" that can be pressed.`, {
      hint: near ? `Did you mean "${near}"?` : `There are these: ${known.join(', ') || 'none at all'}.`,
    })
  }
}

export class FakeBotError extends LimberError {
  readonly code = 'LIMBER_FAKE_BOT'
  readonly kind: ErrorKind = 'internal'

  constructor(reason: string, hint: string) {
    super(`The bot of a test cannot be had: ${reason}.`, { hint })
  }
}
