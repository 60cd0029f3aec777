/** @module What can go wrong when a database is copied, and put back. */
import { type ErrorKind, LimberError } from '../../errors/limber-error.ts'
import { maskSecrets } from '../../support/mask-secrets.ts'
import { messageOf } from '../../support/message-of.ts'

export class DumpProgramMissingError extends LimberError {
  readonly code = 'LIMBER_DUMP_PROGRAM_MISSING'
  readonly kind: ErrorKind = 'unavailable'

  constructor(programs: readonly string[], label: string) {
    const names = programs.map((name) => `"${name}"`).join(' nor ')
    super(`To copy ${maskSecrets(label)}, ${names} is in no folder of PATH.`, {
      hint: 'Install the client programs of the database server: postgresql-client, mariadb-client or mysql-client.',
    })
  }
}

export class DatabaseDumpError extends LimberError {
  readonly code = 'LIMBER_DATABASE_DUMP'
  readonly kind: ErrorKind = 'unavailable'

  constructor(verb: 'copied' | 'put back', label: string, cause: unknown) {
    super(`The database ${maskSecrets(label)} could not be ${verb}: ${maskSecrets(messageOf(cause))}`, {
      hint: 'Look at the disk, at the rights of the user, and whether the client programs fit the server.',
      cause,
    })
  }
}
