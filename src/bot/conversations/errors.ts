/** @module What can be wrong with a conversation. */
import { type ErrorKind, LimberError } from '../../errors/limber-error.ts'

export class ConversationClassError extends LimberError {
  readonly code = 'LIMBER_CONVERSATION_CLASS'
  readonly kind: ErrorKind = 'invalid'

  constructor(name: string, place: string, reason: string, hint: string) {
    super(`${name} in ${place} cannot be a conversation: ${reason}`, { path: [place, name], hint })
  }
}

export class ConversationStepError extends LimberError {
  readonly code = 'LIMBER_CONVERSATION_STEP'
  readonly kind: ErrorKind = 'internal'

  constructor(conversation: string, step: string, near: string | undefined) {
    super(`${conversation} has no step "${step}".`, {
      path: [conversation, step],
      hint: near ? `Did you mean "${near}"?` : `Add a method ${step}() to it, or go to one that it has.`,
    })
  }
}

export class ConversationOverError extends LimberError {
  readonly code = 'LIMBER_CONVERSATION_OVER'
  readonly kind: ErrorKind = 'internal'

  constructor(conversation: string, call: string) {
    super(`${call} of ${conversation} was called when no step of it was running.`, {
      path: [conversation],
      hint: 'Call it in handle() or in a step, before what that returns is settled.',
    })
  }
}
