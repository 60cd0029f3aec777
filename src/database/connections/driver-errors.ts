/** @module What can go wrong with the choice of a driver: its address, its package, its name. */
import { type ErrorKind, LimberError } from '../../errors/limber-error.ts'
import { maskSecrets } from '../../support/mask-secrets.ts'

export class DatabaseAddressError extends LimberError {
  readonly code = 'LIMBER_DATABASE_ADDRESS'
  readonly kind: ErrorKind = 'invalid'

  /** @param address without its password */
  constructor(address: string, reason: string, hint?: string) {
    super(`The database address "${address}" cannot be used: ${reason}`, {
      hint:
        hint ??
        'Write scheme://user:password@host:port/database, with %2F for "/", %3A for ":", %3F for "?" and %23 for "#" in the password; or give its fields.',
    })
  }
}

export class DriverPackageMissingError extends LimberError {
  readonly code = 'LIMBER_DRIVER_PACKAGE_MISSING'
  readonly kind: ErrorKind = 'unavailable'

  constructor(name: string, version: string, cause: unknown) {
    super(`The package "${name}" is not installed; the driver of this database needs it.`, {
      hint: `Run: npm install ${name}@${version}`,
      cause,
    })
  }
}

export class DriverImportError extends LimberError {
  readonly code = 'LIMBER_DRIVER_IMPORT'
  readonly kind: ErrorKind = 'invalid'

  constructor(connection: string, entry: string, reason: string, hint: string, cause?: unknown) {
    super(`The driver of the connection "${connection}" cannot be used: ${reason}`, {
      path: ['config/database.ts', `connections.${connection}`, maskSecrets(entry)],
      hint,
      cause,
    })
  }
}

export class QueryTimeoutError extends LimberError {
  readonly code = 'LIMBER_QUERY_TIMEOUT'
  readonly kind: ErrorKind = 'timeout'

  constructor(database: string, cause: Error) {
    super(`The database ${database} has ended a statement that took longer than it allows.`, {
      hint: 'Make it faster: look at its query plan, or raise the limit of the server.',
      cause,
    })
  }
}
