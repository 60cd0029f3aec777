/** @module What can go wrong with databases, sessions and models. */
import { type ErrorKind, LimberError } from '../errors/limber-error.ts'
import { maskSecrets } from '../support/mask-secrets.ts'
import { messageOf } from '../support/message-of.ts'
import { suggest } from '../support/suggest.ts'

export class DatabaseUrlError extends LimberError {
  readonly code = 'LIMBER_DATABASE_URL'
  readonly kind: ErrorKind = 'invalid'

  /** @param reason what is wrong with it */
  constructor(url: string, reason: string, hint: string) {
    super(`"${maskSecrets(url)}" is not a database URL; ${reason}`, { hint })
  }
}

export class DatabaseOffError extends LimberError {
  readonly code = 'LIMBER_DATABASE_OFF'
  readonly kind: ErrorKind = 'unavailable'

  constructor(connection?: string) {
    super(`The database${connection === undefined ? '' : ` "${connection}"`} is switched off.`, {
      hint: 'Give its connection in config/database.ts a driver, or DATABASE_URL a database.',
    })
  }
}

export class DatabaseFileError extends LimberError {
  readonly code = 'LIMBER_DATABASE_FILE'
  readonly kind: ErrorKind = 'unavailable'

  constructor(file: string, cause: unknown) {
    super(`The database file "${file}" cannot be written: ${messageOf(cause)}`, {
      hint: 'Give this user the right to write the file and its folder, or choose another with DATABASE_URL.',
      cause,
    })
  }
}

export class DatabaseUnavailableError extends LimberError {
  readonly code = 'LIMBER_DATABASE_UNAVAILABLE'
  readonly kind: ErrorKind = 'unavailable'

  constructor(label: string, cause: Error, hint?: string) {
    super(`The database ${maskSecrets(label)} does not answer: ${maskSecrets(reasonOf(cause))}`, {
      hint: hint ?? 'Look whether it runs and whether DATABASE_URL names it.',
      cause,
    })
  }
}

export class PoolTimeoutError extends LimberError {
  readonly code = 'LIMBER_POOL_TIMEOUT'
  readonly kind: ErrorKind = 'unavailable'

  /** @param users who share the pool, where it is not that of one connection */
  constructor(label: string, milliseconds: number, inUse: number, users?: string) {
    const place = users === undefined ? '' : ` of the pool that ${users} share`
    super(
      `No connection to ${maskSecrets(label)} became free within ${milliseconds} ms; all ${inUse}${place} are in use.`,
      {
        hint: `Shorten the units of work that hold one, or raise pool.max or pool.acquireTimeout${users === undefined ? '' : ' in config/modules.ts'}.`,
      },
    )
  }
}

/** The database has undone the transaction because of another one; run again, the unit of work may succeed. */
export class OwnLockError extends LimberError {
  readonly code = 'LIMBER_OWN_LOCK'
  readonly kind: ErrorKind = 'internal'

  constructor(cause?: unknown) {
    super('A statement would wait for ever: the scope around it holds what it waits for.', {
      hint: 'Use db.session of that scope, or end it first; afterCommit() runs when it is committed.',
      cause,
    })
  }
}

export class ConnectionNotFoundError extends LimberError {
  readonly code = 'LIMBER_CONNECTION_NOT_FOUND'
  readonly kind: ErrorKind = 'invalid'

  constructor(name: string, known: readonly string[]) {
    const near = suggest(name, known)
    super(`There is no connection "${name}".`, {
      hint: near ? `Did you mean "${near}"?` : `config/database.ts has: ${known.join(', ') || 'none'}.`,
      publicMessage: 'The request cannot be answered.',
    })
  }
}

export class ModelFileError extends LimberError {
  readonly code = 'LIMBER_MODEL_FILE'
  readonly kind: ErrorKind = 'invalid'

  /** @param list what lists the model */
  constructor(entry: string, reason: string, hint: string, cause?: unknown, list = 'config/app.ts') {
    super(`A model of ${list} cannot be used: ${reason}`, {
      path: [list, 'models', entry],
      hint,
      cause,
    })
  }
}

export class SoftDeleteRootError extends LimberError {
  readonly code = 'LIMBER_SOFT_DELETE_ROOT'
  readonly kind: ErrorKind = 'invalid'

  constructor(model: string, root: string) {
    super(`${model} is soft-deleted, but ${root}, whose table it shares, is not.`, {
      hint: `Set static softDelete = true on ${root}, or on neither.`,
    })
  }
}

export class ModelNotFoundError extends LimberError {
  readonly code = 'LIMBER_MODEL_NOT_FOUND'
  readonly kind: ErrorKind = 'not-found'

  constructor(model: string, where: unknown) {
    // A condition may have values of hidden properties in it.
    super(`There is no ${model} with ${describe(where)}.`, {
      publicMessage: 'What was asked for is not there.',
    })
  }
}

export class ModelNotRegisteredError extends LimberError {
  readonly code = 'LIMBER_MODEL_NOT_REGISTERED'
  readonly kind: ErrorKind = 'internal'

  constructor(model: string) {
    super(`${model} is no model of this connection.`, {
      hint: `List its file under models in config/app.ts; static connection names another connection.`,
    })
  }
}

export class FillableError extends LimberError {
  readonly code = 'LIMBER_FILLABLE'
  readonly kind: ErrorKind = 'invalid'

  constructor(model: string, refused: readonly string[], fillable: readonly string[] | undefined) {
    const names = refused.map((name) => `"${name}"`).join(', ')
    super(`${model} does not take ${names} from outside.`, {
      hint: fillable
        ? `static fillable of ${model} has: ${fillable.join(', ') || 'nothing'}. Set other properties one by one.`
        : `List them in static fillable of ${model}, or set them one by one.`,
      publicMessage: 'The request sets what cannot be set from outside.',
      faults: refused.map((name) => ({ path: name, message: 'is not fillable' })),
    })
  }
}

export class PageError extends LimberError {
  readonly code = 'LIMBER_PAGE'
  readonly kind: ErrorKind = 'invalid'

  constructor(name: string, value: unknown) {
    super(`${name} is ${String(value)}; it has to be a whole number above zero.`, {
      hint: 'Check what comes from outside with a schema, such as z.coerce.number().int().positive().',
      publicMessage: `${name} has to be a whole number above zero.`,
    })
  }
}

export interface UniqueKey {
  readonly model: string
  readonly properties: readonly string[]
}

export class UniqueViolationError extends LimberError {
  readonly code = 'LIMBER_UNIQUE_VIOLATION'
  readonly kind: ErrorKind = 'conflict'

  /** The model and the properties, where the database tells which. */
  readonly key: UniqueKey | undefined

  constructor(cause: Error, key?: UniqueKey) {
    const names = key?.properties.map((name) => `${key.model}.${name}`) ?? []
    super(
      `A value that has to be unique is taken already${names.length > 0 ? `: ${names.join(', ')}` : ''}.`,
      {
        hint: 'Choose another value, or change the row that has it.',
        publicMessage: 'A value that has to be unique is taken already.',
        faults: key?.properties.map((name) => ({ path: name, message: 'is taken' })),
        cause,
      },
    )
    this.key = key
  }
}

export class ConstraintViolationError extends LimberError {
  readonly code = 'LIMBER_CONSTRAINT_VIOLATION'
  readonly kind: ErrorKind = 'conflict'

  /** Its words reach clients: they name the kind of rule, and the cause names the rule where the database tells it. */
  constructor(cause: Error, kind: 'reference' | 'null' | 'other') {
    const [rule, hint] = {
      reference: [
        'A reference between rows',
        'Refer to a row that is there, or delete what refers to a row before the row itself.',
      ],
      null: ['A value that must not be null', 'Give every value that is needed.'],
      other: ['A rule of the database', 'Choose values that the checks of the table allow.'],
    }[kind]
    super(`${rule} refused the change.`, { hint, cause })
  }
}

export class StaleModelError extends LimberError {
  readonly code = 'LIMBER_STALE_MODEL'
  readonly kind: ErrorKind = 'conflict'

  constructor(cause: Error) {
    super('The row was changed by somebody else since it was read.', {
      hint: 'Read it again and repeat the change.',
      cause,
    })
  }
}

/** Several addresses that were tried in vain give an error without a message of its own. */
function reasonOf(cause: Error): string {
  const { code, errors } = cause as { code?: unknown; errors?: unknown }
  const tried = Array.isArray(errors) ? errors.filter((one) => one instanceof Error) : []
  return cause.message || tried.map((one) => one.message).join('; ') || String(code ?? cause.name)
}

function describe(where: unknown): string {
  if (typeof where !== 'object' || where === null) return `id ${String(where)}`
  const text = JSON.stringify(where, (_, value) => (typeof value === 'bigint' ? String(value) : value))
  return maskSecrets(text)
}

export class TableMissingError extends LimberError {
  readonly code = 'LIMBER_TABLE_MISSING'
  readonly kind: ErrorKind = 'unavailable'

  constructor(cause: Error) {
    super(`The database lacks a table or a column: ${cause.message}`, {
      hint: 'Apply the migrations with "limber db migrate"; "limber db status" says which are pending.',
      cause,
    })
  }
}
