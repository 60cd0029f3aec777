/** @module What can go wrong with migrations. */
import { type ErrorKind, LimberError } from '../../errors/limber-error.ts'

export class IrreversibleMigrationError extends LimberError {
  readonly code = 'LIMBER_IRREVERSIBLE_MIGRATION'
  readonly kind: ErrorKind = 'conflict'

  /** @param reason when it was known as the migration was written */
  constructor(migration: string, reason?: string) {
    super(
      reason
        ? `${migration} cannot be taken back: ${reason}`
        : `${migration} does not say how it is taken back.`,
      {
        hint: 'Write its down() method, or migrate forward.',
      },
    )
  }
}

export class MigrationFileError extends LimberError {
  readonly code = 'LIMBER_MIGRATION_FILE'
  readonly kind: ErrorKind = 'invalid'

  constructor(file: string, reason: string, hint: string, cause?: unknown) {
    super(`${file} cannot be used: ${reason}`, { path: [file], hint, cause })
  }
}

export class MigrationFailedError extends LimberError {
  readonly code = 'LIMBER_MIGRATION_FAILED'
  readonly kind: ErrorKind = 'conflict'

  constructor(migration: string, direction: 'up' | 'down', isAtomic: boolean, cause: unknown) {
    const done = direction === 'up' ? 'applied' : 'taken back'
    super(
      `${migration} failed in ${direction}(): ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        path: [migration, `${direction}()`],
        hint: isAtomic
          ? `Nothing of it was ${done}: correct the file and run the command again.`
          : `MySQL and MariaDB commit with each statement that changes the schema: what stands before the one that failed may be ${done}. Undo that by hand, correct the file and run the command again.`,
        cause,
      },
    )
  }
}

export class MigrationMissingError extends LimberError {
  readonly code = 'LIMBER_MIGRATION_MISSING'
  readonly kind: ErrorKind = 'conflict'

  constructor(migration: string, folder: string) {
    super(`${migration} is applied, but its file is not in ${folder}.`, {
      hint: 'Bring the file back, for example from the branch it was applied from.',
    })
  }
}

export class ForeignKeyCheckError extends LimberError {
  readonly code = 'LIMBER_FOREIGN_KEY_CHECK'
  readonly kind: ErrorKind = 'conflict'

  constructor(violations: readonly { table: string; parent: string; count: number }[]) {
    const list = violations.map(
      ({ table, parent, count }) => `${count} of "${table}" without their "${parent}"`,
    )
    super(`Rows would be left without the row they refer to: ${list.join(', ')}.`, {
      hint: 'Move or delete these rows in the migration, before what they refer to goes.',
    })
  }
}

export class LedgerChangedError extends LimberError {
  readonly code = 'LIMBER_LEDGER_CHANGED'
  readonly kind: ErrorKind = 'conflict'

  constructor(migration: string, table: string) {
    super(`${migration} was no longer in ${table} when it was to be taken out.`, {
      hint: `Leave ${table} to the commands: no migration may write to it.`,
    })
  }
}

export class SchemaNotRepresentableError extends LimberError {
  readonly code = 'LIMBER_SCHEMA_NOT_REPRESENTABLE'
  readonly kind: ErrorKind = 'invalid'

  /** @param reason an error, or words of our own */
  constructor(what: string, reason: unknown) {
    super(`${what}: ${reason instanceof Error ? reason.message : String(reason)}`, {
      hint: 'Change the mapping of the model; nothing was written.',
      cause: reason instanceof Error ? reason : undefined,
    })
  }
}

export class FolderNotWritableError extends LimberError {
  readonly code = 'LIMBER_FOLDER_NOT_WRITABLE'
  readonly kind: ErrorKind = 'unavailable'

  constructor(folder: string, cause: unknown) {
    super(`Nothing can be written to ${folder}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      hint: 'Give this user the right to write there, or name another folder in config/database.ts.',
      cause,
    })
  }
}

export class RecordedSchemaError extends LimberError {
  readonly code = 'LIMBER_RECORDED_SCHEMA'
  readonly kind: ErrorKind = 'invalid'

  constructor(file: string, cause: unknown) {
    super(`${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, {
      path: [file],
      hint: 'After a merge with conflicts, take one side of it, then run: limber db makemigrations',
      cause,
    })
  }
}

export class MigrationMessageError extends LimberError {
  readonly code = 'LIMBER_MIGRATION_MESSAGE'
  readonly kind: ErrorKind = 'invalid'

  constructor(message: string) {
    super(`"${message}" cannot name a migration: it has no letter from a to z and no digit.`, {
      hint: 'Say in a few words what changes: --message "add isbn to books".',
    })
  }
}

export class MigrationKindError extends LimberError {
  readonly code = 'LIMBER_MIGRATION_KIND'
  readonly kind: ErrorKind = 'malformed'

  constructor() {
    super('--data and --empty are two kinds of migrations.', { hint: 'Write one of them.' })
  }
}

export class MigrationStepError extends LimberError {
  readonly code = 'LIMBER_MIGRATION_STEP'
  readonly kind: ErrorKind = 'invalid'

  constructor(step: number) {
    super(`${step} is no number of migrations.`, { hint: 'Give --step a number from 1, or leave it out.' })
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
