/** @module What can go wrong when an application is booted, run and stopped. */
import { type ErrorKind, LimberError } from '../errors/limber-error.ts'
import { messageOf } from '../support/message-of.ts'

export class WrongStateError extends LimberError {
  readonly code = 'LIMBER_WRONG_STATE'
  readonly kind: ErrorKind = 'internal'

  constructor(call: string, state: string, hint: string) {
    super(`${call} was called when the application was ${state}.`, { hint })
  }
}

export class ProviderError extends LimberError {
  readonly code = 'LIMBER_PROVIDER'
  readonly kind: ErrorKind = 'internal'

  constructor(provider: string, step: 'register' | 'boot', cause: unknown) {
    super(`${provider} failed in ${step}(): ${messageOf(cause)}`, {
      path: [provider, `${step}()`],
      hint: cause instanceof LimberError ? cause.hint : `Look at ${step}() of ${provider}.`,
      cause,
    })
  }
}

export class ScopeCommitError extends LimberError {
  readonly code = 'LIMBER_SCOPE_COMMIT'
  readonly kind: ErrorKind = 'internal'

  constructor(failed: string, committed: readonly string[], cause: unknown) {
    const others = committed.map((name) => `"${name}"`).join(', ')
    super(`"${failed}" failed to commit after ${others} had committed: several connections are not atomic.`, {
      hint: 'Bring the committed side in line by hand, or keep one unit of work on one connection.',
      cause,
    })
  }
}

export class AfterCommitError extends LimberError {
  readonly code = 'LIMBER_AFTER_COMMIT'
  readonly kind: ErrorKind = 'internal'

  constructor(cause: unknown) {
    super(`A function that waited for the commit failed: ${messageOf(cause)}`, {
      hint: 'What was committed before it is saved; repeat only what this function does.',
      cause,
    })
  }
}

export class NoScopeError extends LimberError {
  readonly code = 'LIMBER_NO_SCOPE'
  readonly kind: ErrorKind = 'internal'

  constructor(call: string) {
    super(`${call} was called where no scope is open.`, {
      hint: 'Requests and commands open one; elsewhere use app.scope(async () => { … }).',
    })
  }
}

export class NoApplicationError extends LimberError {
  readonly code = 'LIMBER_NO_APPLICATION'
  readonly kind: ErrorKind = 'internal'

  constructor(booted: number) {
    super(
      booted === 0
        ? 'No application is booted in this process.'
        : `${booted} applications are booted in this process, and no scope tells which one is meant.`,
      {
        hint:
          booted === 0
            ? 'Make the script a command of the application; or create one with createApplication() and await its boot().'
            : 'Use app.scope(…) or app.make("db").transaction(…) of the one you mean.',
      },
    )
  }
}

export class StopError extends LimberError {
  readonly code = 'LIMBER_STOP'
  readonly kind: ErrorKind = 'internal'

  constructor(errors: readonly unknown[]) {
    const messages = errors.map(messageOf)
    super(`Stopping met ${errors.length} error${errors.length === 1 ? '' : 's'}: ${messages.join('; ')}`, {
      hint: 'Everything else was stopped all the same; look at the causes.',
      cause: errors.length === 1 ? errors[0] : new AggregateError(errors),
    })
  }
}
