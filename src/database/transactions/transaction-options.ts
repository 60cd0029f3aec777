/** @module What a transaction may be asked for. */

export type Isolation =
  | 'read uncommitted'
  | 'read committed'
  | 'repeatable read'
  | 'snapshot'
  | 'serializable'

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
export type Propagation = 'nested' | 'required' | 'requires-new' | 'mandatory' | 'never' | 'supports'

export interface RetryOptions {
  /** How often the whole unit of work is repeated after a deadlock or a serialization failure; default 0. */
  readonly retry?: number
}

export interface TransactionOptions extends RetryOptions {
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
