/** @module What can go wrong with the state of a chat. */
import { type ErrorKind, LimberError } from '../../errors/limber-error.ts'

export class StateDataError extends LimberError {
  readonly code = 'LIMBER_STATE_DATA'
  readonly kind: ErrorKind = 'internal'

  /** @param place in the data: `data.books[2].title` */
  constructor(state: string, place: string, found: string, hint: string) {
    super(`State "${state}" cannot be kept: ${place} is ${found}.`, { path: [state, place], hint })
  }
}

export class StateNameError extends LimberError {
  readonly code = 'LIMBER_STATE_NAME'
  readonly kind: ErrorKind = 'internal'

  constructor(name: unknown) {
    super(`There can be no state ${typeof name === 'string' ? `"${name.slice(0, 80)}"` : String(name)}.`, {
      hint: 'Give it a name of 1 to 64 letters, digits, and any of "_.:#$-".',
    })
  }
}

export class StateExpiryError extends LimberError {
  readonly code = 'LIMBER_STATE_EXPIRY'
  readonly kind: ErrorKind = 'internal'

  constructor(state: string, value: unknown, expected: string) {
    super(`State "${state}" cannot be forgotten after ${String(value)}.`, { hint: `Give ${expected}.` })
  }
}

export class NoStateHereError extends LimberError {
  readonly code = 'LIMBER_NO_STATE_HERE'
  readonly kind: ErrorKind = 'internal'

  constructor(call: string) {
    super(`${call} was called for an update without a user or without a chat.`, {
      hint: 'A state belongs to a user in a chat: keep what belongs to a channel, a poll or an inline query in a model.',
    })
  }
}
