/** @module What can go wrong with units of work and transactions. */
import { type ErrorKind, type Fault, LimberError } from '../../errors/limber-error.ts'

export class IsolationError extends LimberError {
  readonly code = 'LIMBER_ISOLATION'
  readonly kind: ErrorKind = 'internal'

  constructor(wanted: string) {
    super(`The isolation "${wanted}" was asked for in a transaction that is open already.`, {
      hint: 'Ask for it before the first write of the unit of work, or with propagation "requires-new".',
    })
  }
}

export class JoinedTransactionError extends LimberError {
  readonly code = 'LIMBER_JOINED_TRANSACTION'
  readonly kind: ErrorKind = 'internal'

  constructor(wish: string) {
    super(`A transaction that is a part of a unit of work cannot be ${wish} without the rest of it.`, {
      hint: 'Ask it of the whole unit of work: sessionScope(fn, { … }), or propagation "requires-new".',
    })
  }
}

export class NestedRollbackError extends LimberError {
  readonly code = 'LIMBER_NESTED_ROLLBACK'
  readonly kind: ErrorKind = 'internal'

  constructor() {
    super('test.rollback() was called while another one of the same application was open.', {
      hint: 'Dispose the first one before, or use db.transaction() inside it.',
    })
  }
}

export class NoTransactionError extends LimberError {
  readonly code = 'LIMBER_NO_TRANSACTION'
  readonly kind: ErrorKind = 'internal'

  constructor() {
    super('A transaction with propagation "mandatory" was begun where no transaction is open.', {
      hint: 'Call it inside db.transaction(…), or choose the propagation "nested".',
    })
  }
}

export class OverlappingWorkError extends LimberError {
  readonly code = 'LIMBER_OVERLAPPING_WORK'
  readonly kind: ErrorKind = 'internal'

  constructor(first: string, second: string) {
    super(`One session was used by two at once: ${second} began while ${first} was going on.`, {
      hint: 'Await one before the other, or give each a session of its own with db.parallel([…]).',
    })
  }
}

export class PropagationError extends LimberError {
  readonly code = 'LIMBER_PROPAGATION'
  readonly kind: ErrorKind = 'internal'

  constructor(propagation: string) {
    super(
      `session.transactional() was asked for the propagation "${propagation}", which needs another session.`,
      {
        hint: 'Use db.transaction(fn, { propagation: "requires-new" }).',
      },
    )
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

export class RetriesExhaustedError extends LimberError {
  readonly code = 'LIMBER_RETRIES_EXHAUSTED'
  readonly kind: ErrorKind = 'conflict'
  /** How often it was tried, the first time included. */
  readonly tries: number

  constructor(tries: number, cause: unknown) {
    super(`A unit of work met others in all of its ${tries} tries, and was rolled back each time.`, {
      hint: 'Make it shorter, touch rows in the same order everywhere, or allow more retries.',
      cause,
    })
    this.tries = tries
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

export class TransactionConflictError extends LimberError {
  readonly code = 'LIMBER_TRANSACTION_CONFLICT'
  readonly kind: ErrorKind = 'conflict'

  constructor(cause: Error) {
    super(
      'The transaction met another one: a deadlock, a serialization failure, or a lock that was not released in time.',
      {
        hint: 'Repeat the whole unit of work: sessionScope(fn, { retry: 3 }) does.',
        cause,
      },
    )
  }
}

export class TransactionLostError extends LimberError {
  readonly code = 'LIMBER_TRANSACTION_LOST'
  readonly kind: ErrorKind = 'conflict'

  constructor() {
    super('The database has ended the transaction by itself: nothing of this unit of work is kept.', {
      hint: 'Let the error that came first end the unit of work; it says why, for example that the disk is full.',
    })
  }
}

export class TransactionOpenError extends LimberError {
  readonly code = 'LIMBER_TRANSACTION_OPEN'
  readonly kind: ErrorKind = 'internal'

  constructor() {
    super('A transaction is open where the propagation "never" allows none.', {
      hint: 'Call it before the first write of the unit of work, or in a scope of its own.',
    })
  }
}

export class TransactionStatementError extends LimberError {
  readonly code = 'LIMBER_TRANSACTION_STATEMENT'
  readonly kind: ErrorKind = 'internal'

  constructor(statement: string) {
    super(`"${statement}" was run as SQL, behind the back of the transaction that is responsible.`, {
      hint: 'Use db.transaction(…) or the methods of the session; a migration has a transaction of its own.',
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

export class WriterBusyError extends LimberError {
  readonly code = 'LIMBER_WRITER_BUSY'
  readonly kind: ErrorKind = 'unavailable'

  constructor(milliseconds: number, holders: readonly string[]) {
    const by = holders.length > 0 ? `; it is held by ${holders.map((name) => `"${name}"`).join(', ')}` : ''
    super(`A write waited ${milliseconds} ms for the one connection that writes${by}.`, {
      hint: 'Keep units of work short, and wait inside one for nothing that writes in another.',
    })
  }
}

function listed(changes: readonly Fault[]): string {
  const some = changes.slice(0, 5).map(({ path, message }) => `${path}: ${message}`)
  const more = changes.length > some.length ? [`and ${changes.length - some.length} more`] : []
  return [...some, ...more].join('; ')
}
