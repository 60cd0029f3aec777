/** @module What can go wrong with the files of migrations, and those beside them. */
import { type ErrorKind, LimberError } from '../../../errors/limber-error.ts'
import { messageOf } from '../../../support/message-of.ts'

export class ManifestError extends LimberError {
  readonly code = 'LIMBER_MANIFEST'
  readonly kind: ErrorKind = 'invalid'

  constructor(file: string, reason: string, cause?: unknown) {
    super(`${file} cannot be used: ${reason}`, {
      path: [file],
      hint: 'Write it again beside the compiled migrations, with the build: limber db manifest --out <folder>',
      cause,
    })
  }
}

export class MigrationFileError extends LimberError {
  readonly code = 'LIMBER_MIGRATION_FILE'
  readonly kind: ErrorKind = 'invalid'

  constructor(file: string, reason: string, hint: string, cause?: unknown) {
    super(`${file} cannot be used: ${reason}`, { path: [file], hint, cause })
  }
}

export class FolderNotWritableError extends LimberError {
  readonly code = 'LIMBER_FOLDER_NOT_WRITABLE'
  readonly kind: ErrorKind = 'unavailable'

  constructor(folder: string, cause: unknown) {
    super(`Nothing can be written to ${folder}: ${messageOf(cause)}`, {
      hint: 'Give this user the right to write there, or name another folder in config/database.ts.',
      cause,
    })
  }
}

export class RecordedSchemaError extends LimberError {
  readonly code = 'LIMBER_RECORDED_SCHEMA'
  readonly kind: ErrorKind = 'invalid'

  constructor(file: string, cause: unknown) {
    super(`${file} cannot be read: ${messageOf(cause)}`, {
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
