/** @module What can go wrong with units of work and transactions. */
import { type ErrorKind, LimberError } from '../../errors/limber-error.ts'
import { messageOf } from '../../support/message-of.ts'
import { suggest } from '../../support/suggest.ts'

/** What a client is told when others were faster. */
const BUSY = 'Others changed the same data at the same time; nothing was kept. Send the request again.'

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

export class NoTransactionError extends LimberError {
  readonly code = 'LIMBER_NO_TRANSACTION'
  readonly kind: ErrorKind = 'internal'

  constructor(what: 'mandatory' | 'lock' | 'end' = 'mandatory') {
    const [action, hint] = {
      mandatory: [
        'A transaction with propagation "mandatory" was begun',
        'Call it inside db.transaction(…), or choose the propagation "nested".',
      ],
      lock: [
        'A row was to be locked',
        'Lock it in a scope, or inside session.transaction(…), whose end releases it.',
      ],
      end: ['A transaction was to be ended', 'Call session.begin() before, or use session.transaction(…).'],
    }[what]
    super(`${action} where no transaction is open.`, { hint })
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

export class RetriesExhaustedError extends LimberError {
  readonly code = 'LIMBER_RETRIES_EXHAUSTED'
  readonly kind: ErrorKind = 'conflict'
  /** How often it was tried, the first time included. */
  readonly tries: number

  constructor(tries: number, cause: unknown) {
    super(`A unit of work met others in all of its ${tries} tries, and was rolled back each time.`, {
      hint: 'Make it shorter, touch rows in the same order everywhere, or allow more retries.',
      publicMessage: BUSY,
      cause,
    })
    this.tries = tries
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
        publicMessage: BUSY,
        cause,
      },
    )
  }
}

export class TransactionFailedError extends LimberError {
  readonly code = 'LIMBER_TRANSACTION_FAILED'
  readonly kind: ErrorKind

  /** @param what came after the failure */
  constructor(reason: unknown, what: 'statement' | 'commit' = 'statement') {
    const words = messageOf(reason)
    super(
      {
        statement:
          'A statement came after one that has failed: the database refuses it until both are rolled back.',
        commit: `The unit of work cannot be committed, since something in it has failed before, and that was caught: ${words}`,
      }[what],
      {
        hint: 'Let the failure end the unit of work, or run what may fail in db.transaction(), which is undone alone.',
        publicMessage: reason instanceof LimberError ? (reason.publicMessage ?? reason.message) : undefined,
        cause: reason,
      },
    )
    this.kind = reason instanceof LimberError ? reason.kind : 'internal'
  }
}

export class TransactionLostError extends LimberError {
  readonly code = 'LIMBER_TRANSACTION_LOST'
  readonly kind: ErrorKind = 'conflict'

  constructor() {
    super('The database has ended the transaction by itself: nothing of this unit of work is kept.', {
      hint: 'Let the error that came first end the unit of work; it says why, for example that the disk is full.',
      publicMessage: BUSY,
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
