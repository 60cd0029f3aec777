/** @module What can go wrong with units of work and transactions. */
import { type ErrorKind, type Fault, LimberError } from '../../errors/limber-error.ts'
import { suggest } from '../../support/suggest.ts'

export class ImplicitCommitError extends LimberError {
  readonly code = 'LIMBER_IMPLICIT_COMMIT'
  readonly kind: ErrorKind = 'internal'

  constructor(statement: string) {
    super(
      `"${statement}" was asked for in a transaction; MySQL and MariaDB would first commit what came before.`,
      {
        hint: 'Change the schema in a migration, or with db.connection.execute(…) before the unit of work writes.',
      },
    )
  }
}

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

export class EndsRollbackError extends LimberError {
  readonly code = 'LIMBER_ENDS_ROLLBACK'
  readonly kind: ErrorKind = 'internal'

  constructor(sql: string) {
    super(`"${sql.trim().slice(0, 80)}" would end the transaction that test.rollback() is to undo.`, {
      hint: 'Change the schema before test.rollback(), or run this test without it.',
    })
  }
}

export class RollbackOverError extends LimberError {
  readonly code = 'LIMBER_ROLLBACK_OVER'
  readonly kind: ErrorKind = 'internal'

  constructor() {
    super('Work that began in a test.rollback() went on after its end.', {
      hint: 'Wait for all that the test has begun before the rollback is disposed.',
    })
  }
}

export class UndoneTogetherError extends LimberError {
  readonly code = 'LIMBER_UNDONE_TOGETHER'
  readonly kind: ErrorKind = 'internal'

  constructor(title: string) {
    super(`"${title}" was undone with a unit of work in which it began, as all share one transaction.`, {
      hint: 'Let the inner unit of work end first, or run this test without test.rollback().',
    })
  }
}

export class NoTransactionError extends LimberError {
  readonly code = 'LIMBER_NO_TRANSACTION'
  readonly kind: ErrorKind = 'internal'

  constructor(what: 'mandatory' | 'lock' = 'mandatory') {
    const isLock = what === 'lock'
    const action = isLock ? 'A row was to be locked' : 'A transaction with propagation "mandatory" was begun'
    super(`${action} where no transaction is open.`, {
      hint: isLock
        ? 'Lock it in a scope, or inside session.transaction(…), whose end releases it.'
        : 'Call it inside db.transaction(…), or choose the propagation "nested".',
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
      `A transaction of a session was asked for the propagation "${propagation}", which needs another session.`,
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

export class StreamEndedError extends LimberError {
  readonly code = 'LIMBER_STREAM_ENDED'
  readonly kind: ErrorKind = 'internal'

  constructor() {
    super('A stream was read on when the transaction that it reads in had ended.', {
      hint: 'Commit after the loop, or begin the stream before the first write: then it has a connection of its own.',
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

export class TransactionFailedError extends LimberError {
  readonly code = 'LIMBER_TRANSACTION_FAILED'
  readonly kind: ErrorKind

  constructor(reason: unknown) {
    super('A statement came after one that has failed: the database refuses it until both are rolled back.', {
      hint: 'Let the failure end the unit of work, or run what may fail in db.transaction(), which is undone alone.',
      cause: reason,
    })
    this.kind = reason instanceof LimberError ? reason.kind : 'internal'
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

export class TransactionOptionError extends LimberError {
  readonly code = 'LIMBER_TRANSACTION_OPTION'
  readonly kind: ErrorKind = 'internal'

  constructor(name: string, value: string, known: readonly string[]) {
    const near = suggest(value, known)
    super(`A transaction was asked for the ${name} "${value}", which is not known.`, {
      hint: near ? `Did you mean "${near}"?` : `Known are ${known.map((one) => `"${one}"`).join(', ')}.`,
    })
  }
}

export class TransactionStatementError extends LimberError {
  readonly code = 'LIMBER_TRANSACTION_STATEMENT'
  readonly kind: ErrorKind = 'internal'

  constructor(statement: string) {
    super(`"${statement}" was run behind the back of the transaction that is responsible.`, {
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
