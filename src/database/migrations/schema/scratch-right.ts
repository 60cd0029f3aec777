/** @module Whether a user was refused the right to create a database. */

/** 42501 is that of PostgreSQL, the others those of MySQL and MariaDB. */
const REFUSED = new Set(['42501', 'ER_DBACCESS_DENIED_ERROR', 'ER_SPECIFIC_ACCESS_DENIED_ERROR'])

/** Gives what the server said, if it has refused to create a database. */
export function refusedRight(error: unknown): Error | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (REFUSED.has(String(Reflect.get(cause, 'code')))) return cause
  }
  return undefined
}
