/** @module What can go wrong with the use of a session. */
import { type ErrorKind, type Fault, LimberError } from '../../errors/limber-error.ts'

export class OverlappingWorkError extends LimberError {
  readonly code = 'LIMBER_OVERLAPPING_WORK'
  readonly kind: ErrorKind = 'internal'

  constructor(first: string, second: string) {
    super(`One session was used by two at once: ${second} began while ${first} was going on.`, {
      hint: 'Await one before the other, or give each a session of its own with db.parallel([…]).',
    })
  }
}

export class ReadOnlyScopeError extends LimberError {
  readonly code = 'LIMBER_READ_ONLY_SCOPE'
  readonly kind: ErrorKind = 'internal'

  constructor(scope: string, changes: readonly Fault[]) {
    const what = changes.length > 0 ? listed(changes) : 'a statement'
    super(`The scope "${scope}" is read-only, and something would be written: ${what}.`, {
      hint: 'Write in a scope of its own, or before the scope becomes read-only: a stream is committed before it flows.',
      faults: changes,
    })
  }
}

export class SessionClosedError extends LimberError {
  readonly code = 'LIMBER_SESSION_CLOSED'
  readonly kind: ErrorKind = 'internal'

  constructor() {
    super('A session was used after its end: what is not loaded by then cannot be loaded any more.', {
      hint: 'Load relations inside the scope, with populate or load(); loaded properties stay readable.',
    })
  }
}

export class StreamEndedError extends LimberError {
  readonly code = 'LIMBER_STREAM_ENDED'
  readonly kind: ErrorKind = 'internal'

  constructor() {
    super('A stream was read on when the transaction that it reads in had ended.', {
      hint: 'Commit after the loop, or begin the stream before the first write: then it has a connection of its own.',
    })
  }
}

export class InvalidCursorError extends LimberError {
  readonly code = 'LIMBER_INVALID_CURSOR'
  readonly kind: ErrorKind = 'invalid'

  constructor(model: string) {
    super(`The cursor is no place in this list of ${model}.`, {
      hint: 'Take cursors from the list itself, read in the same order.',
      publicMessage: 'The cursor is no place in this list.',
    })
  }
}

export class UnflushedChangesError extends LimberError {
  readonly code = 'LIMBER_UNFLUSHED_CHANGES'
  readonly kind: ErrorKind = 'internal'

  constructor(scope: string, changes: readonly Fault[]) {
    super(`The scope "${scope}" ended with changes that nobody flushed: ${listed(changes)}.`, {
      hint: 'Await session.flush() for them, or leave autoCommit on.',
      faults: changes,
    })
  }
}

function listed(changes: readonly Fault[]): string {
  const some = changes.slice(0, 5).map(({ path, message }) => `${path}: ${message}`)
  const more = changes.length > some.length ? [`and ${changes.length - some.length} more`] : []
  return [...some, ...more].join('; ')
}
