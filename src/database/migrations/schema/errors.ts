/** @module What keeps models and migrations from being compared. */
import { type ErrorKind, LimberError } from '../../../errors/limber-error.ts'
import { messageOf } from '../../../support/message-of.ts'

export class SchemaNotRepresentableError extends LimberError {
  readonly code = 'LIMBER_SCHEMA_NOT_REPRESENTABLE'
  readonly kind: ErrorKind = 'invalid'

  /** @param reason an error, or words of our own */
  constructor(what: string, reason: unknown) {
    super(`${what}: ${messageOf(reason)}`, {
      hint: 'Change the mapping of the model; nothing was written.',
      cause: reason instanceof Error ? reason : undefined,
    })
  }
}

export class RenameUndecidedError extends LimberError {
  readonly code = 'LIMBER_RENAME_UNDECIDED'
  readonly kind: ErrorKind = 'invalid'

  constructor(lost: readonly { readonly name: string; readonly candidates: readonly string[] }[]) {
    const names = lost.map(({ name }) => `"${name}"`).join(', ')
    super(`The models do not have ${names} any more, and nothing says whether that was renamed or dropped.`, {
      faults: lost.map(({ name, candidates }) => ({
        path: name,
        message: [...candidates.map((to) => `--rename ${name}=${to}`), `--drop ${name}`].join(' or '),
      })),
      hint: 'Run the command again with one of these for each, or on a terminal, where it asks.',
    })
  }
}

export class RenameChoiceError extends LimberError {
  readonly code = 'LIMBER_RENAME_CHOICE'
  readonly kind: ErrorKind = 'invalid'

  constructor(reason: string) {
    super(`--rename and --drop do not fit the models: ${reason}`, {
      hint: 'Write --rename table.column=name, --rename table=name, --drop table.column or --drop table.',
    })
  }
}

export class ScratchRefusedError extends LimberError {
  readonly code = 'LIMBER_SCRATCH_REFUSED'
  readonly kind: ErrorKind = 'unavailable'

  constructor(database: string, cause: Error) {
    super(`The user of ${database} may not create databases: ${cause.message}`, {
      hint:
        'Grant the right that a scratch database needs: on PostgreSQL "alter role … createdb", on MySQL and MariaDB ' +
        '"grant all on `limber\\_scratch\\_%`.* to …".',
      cause,
    })
  }
}
