/** @module What can be wrong with policies. */
import { type ErrorKind, LimberError } from '../../errors/limber-error.ts'

export class PolicyFileError extends LimberError {
  readonly code = 'LIMBER_POLICY_FILE'
  readonly kind: ErrorKind = 'internal'

  constructor(label: string, reason: string, cause?: unknown) {
    super(`The policy ${label} cannot be used: ${reason}`, {
      hint: 'Export a class with "static readonly model = …", whose methods are the actions.',
      cause,
    })
  }
}

export class PolicyNotFoundError extends LimberError {
  readonly code = 'LIMBER_POLICY_NOT_FOUND'
  readonly kind: ErrorKind = 'internal'

  constructor(model: string, known: readonly string[]) {
    super(
      `No policy says who may do what with ${model}; there are ones for ${known.join(', ') || 'nothing'}.`,
      {
        hint: `Write one with "static readonly model = ${model}", and add it to "policies" in config/auth.ts.`,
      },
    )
  }
}

export class UnknownActionError extends LimberError {
  readonly code = 'LIMBER_UNKNOWN_ACTION'
  readonly kind: ErrorKind = 'internal'

  constructor(policy: string, action: string, known: readonly string[], near: string | undefined) {
    super(`${policy} has no action "${action}"; it has ${known.join(', ') || 'none'}.`, {
      hint: near === undefined ? `Add the method ${action}() to it.` : `Did you mean "${near}"?`,
    })
  }
}

export class PolicyAnswerError extends LimberError {
  readonly code = 'LIMBER_POLICY_ANSWER'
  readonly kind: ErrorKind = 'internal'

  constructor(policy: string, action: string, answer: unknown) {
    super(
      `${policy}.${action}() answered ${answer === null ? 'null' : `with ${typeof answer}`}, not true or false.`,
      {
        hint: 'Return a boolean on every way through the method.',
      },
    )
  }
}
