/** @module What can go wrong with disks, files and their URLs. */
import { type ErrorKind, type Fault, LimberError } from '../errors/limber-error.ts'

export class InvalidFilesConfigError extends LimberError {
  readonly code = 'LIMBER_INVALID_FILES_CONFIG'
  readonly kind: ErrorKind = 'invalid'

  /** @param faults each with the path of its option: `urls.secret` */
  constructor(faults: readonly Fault[]) {
    super(`config/files.ts has ${faults.length} fault${faults.length === 1 ? '' : 's'}.`, {
      faults,
      hint: 'Correct the values; docs/files.md lists every option.',
    })
  }
}

export class DiskNotFoundError extends LimberError {
  readonly code = 'LIMBER_DISK_NOT_FOUND'
  readonly kind: ErrorKind = 'internal'

  constructor(name: string, known: readonly string[], near: string | undefined) {
    super(`There is no disk "${name}" in config/files.ts; there is ${known.join(', ')}.`, {
      hint: near === undefined ? `Add it to "disks" in config/files.ts.` : `Did you mean "${near}"?`,
    })
  }
}

export class InvalidFileKeyError extends LimberError {
  readonly code = 'LIMBER_INVALID_FILE_KEY'
  readonly kind: ErrorKind = 'invalid'

  /** @param reason why it is none: `it is empty` */
  constructor(key: unknown, reason: string, cause?: unknown) {
    super(`${shown(key)} is not the key of a file: ${reason}.`, {
      hint: 'Write a relative path with slashes, such as "covers/emma.png".',
      publicMessage: 'This is not the name of a file.',
      cause,
    })
  }
}

export class FileNotFoundError extends LimberError {
  readonly code = 'LIMBER_FILE_NOT_FOUND'
  readonly kind: ErrorKind = 'not-found'

  constructor(disk: string, key: string, cause?: unknown) {
    super(`There is no file ${shown(key)} on the disk "${disk}".`, {
      publicMessage: 'There is no such file.',
      cause,
    })
  }
}

export class FileLinkError extends LimberError {
  readonly code = 'LIMBER_FILE_LINK'
  readonly kind: ErrorKind = 'forbidden'

  constructor(disk: string, key: string, cause?: unknown) {
    super(
      `On the disk "${disk}", a symbolic link stands where ${shown(key)} leads. Links are not followed.`,
      {
        hint: 'Put the file itself there, or make a disk of the folder the link leads to.',
        publicMessage: 'This file cannot be used.',
        cause,
      },
    )
  }
}

export class FileConflictError extends LimberError {
  readonly code = 'LIMBER_FILE_CONFLICT'
  readonly kind: ErrorKind = 'conflict'

  constructor(disk: string, key: string, cause: unknown) {
    super(
      `On the disk "${disk}", ${shown(key)} cannot be written: a folder has this name, or a file that of its folder.`,
      {
        hint: 'Choose another key.',
        publicMessage: 'Another file stands in the way.',
        cause,
      },
    )
  }
}

export class DiskUnavailableError extends LimberError {
  readonly code = 'LIMBER_DISK_UNAVAILABLE'
  readonly kind: ErrorKind = 'unavailable'

  constructor(disk: string, reason: string, hint: string, cause?: unknown) {
    super(`The disk "${disk}" does not work: ${reason}`, {
      hint,
      publicMessage: 'Files cannot be reached at the moment.',
      cause,
    })
  }
}

export class InvalidFileOptionError extends LimberError {
  readonly code = 'LIMBER_INVALID_FILE_OPTION'
  readonly kind: ErrorKind = 'invalid'

  constructor(option: string, value: unknown, expectation: string, cause?: unknown) {
    super(`"${option}" is ${shown(value)}, but has to be ${expectation}.`, {
      hint: `Correct "${option}".`,
      publicMessage: `"${option}" has to be ${expectation}.`,
      cause,
    })
  }
}

export class FileUrlUnavailableError extends LimberError {
  readonly code = 'LIMBER_FILE_URL_UNAVAILABLE'
  readonly kind: ErrorKind = 'internal'

  /** @param what the kind of URL: `public URLs` */
  constructor(disk: string, what: string, hint: string) {
    super(`The disk "${disk}" has no ${what}.`, { hint })
  }
}

export class InvalidFileUrlError extends LimberError {
  readonly code = 'LIMBER_INVALID_FILE_URL'
  readonly kind: ErrorKind = 'forbidden'

  constructor() {
    super('This URL of a file was not signed by this application, or was changed.', {
      hint: 'Ask for a new one.',
      publicMessage: 'This URL was not signed by this application, or was changed.',
    })
  }
}

export class FileUrlExpiredError extends LimberError {
  readonly code = 'LIMBER_FILE_URL_EXPIRED'
  readonly kind: ErrorKind = 'forbidden'

  constructor(expiredAt: number) {
    super(`This URL of a file has expired at ${new Date(expiredAt).toISOString()}.`, {
      hint: 'Ask for a new one.',
      publicMessage: 'This URL has expired.',
    })
  }
}

/** A value from outside, in quotes and not without end. */
function shown(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value)
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}
