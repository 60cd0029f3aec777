/** @module What a transaction may be asked for. */
import { PropagationError, TransactionOptionError } from './transaction-errors.ts'

const ISOLATIONS = [
  'read uncommitted',
  'read committed',
  'repeatable read',
  'snapshot',
  'serializable',
] as const
const PROPAGATIONS = ['nested', 'required', 'requires-new', 'mandatory', 'never', 'supports'] as const

export type Isolation = (typeof ISOLATIONS)[number]

/**
 * How a transaction relates to the one that may be open already.
 *
 * - `nested`: a savepoint in it; the default
 * - `required`: a part of it, without a savepoint
 * - `requires-new`: another unit of work, which commits on its own
 * - `mandatory`: a part of it, and an error where none is open
 * - `never`: an error where one is open
 * - `supports`: a part of it where one is open, and nothing more where none is
 */
export type Propagation = (typeof PROPAGATIONS)[number]

export interface RetryOptions {
  /** How often the whole unit of work is repeated after a deadlock or a serialization failure; default 0. */
  readonly retry?: number
}

export interface TransactionOptions extends RetryOptions {
  /** The name of the connection; default: that of `db.connection`. */
  readonly connection?: string
  /** Default: that of the database. SQLite is always serializable. */
  readonly isolation?: Isolation
  readonly propagation?: Propagation
  /** Whether writing is an error: of a unit of work that begins here only. */
  readonly readOnly?: boolean
}

/** What a transaction on a session that is there already may be asked for. */
export interface JoiningOptions {
  readonly isolation?: Isolation
  readonly propagation?: Exclude<Propagation, 'requires-new'>
}

/**
 * Makes sure that what was asked for is known: what is not would be ignored in silence, where types are not checked.
 *
 * @throws {TransactionOptionError} which names what is known
 */
export function checkOptions({
  propagation,
  isolation,
}: Pick<TransactionOptions, 'propagation' | 'isolation'>): void {
  refuseUnknown('propagation', propagation, PROPAGATIONS)
  refuseUnknown('isolation', isolation, ISOLATIONS)
}

/**
 * The same for a session that is there already, which cannot be another one.
 *
 * @throws {TransactionOptionError} @throws {PropagationError}
 */
export function checkJoiningOptions(options: Pick<TransactionOptions, 'propagation' | 'isolation'>): void {
  checkOptions(options)
  if (options.propagation === 'requires-new') throw new PropagationError(options.propagation)
}

function refuseUnknown(name: string, value: string | undefined, known: readonly string[]): void {
  if (value !== undefined && !known.includes(value)) throw new TransactionOptionError(name, value, known)
}
