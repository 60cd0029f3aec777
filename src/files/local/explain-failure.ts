/** @module What a failure of the file system says in our words. */
import { LimberError } from '../../errors/limber-error.ts'
import { codeOf } from '../../support/code-of.ts'
import { messageOf } from '../../support/message-of.ts'
import {
  DiskUnavailableError,
  FileConflictError,
  FileLinkError,
  FileNotFoundError,
  InvalidFileKeyError,
} from '../errors.ts'

/** @param disk its name @param isWriting whether something in the way is a conflict, and not an absent file */
export function explainFailure(error: unknown, disk: string, key: string, isWriting = false): unknown {
  if (error instanceof LimberError) return error
  switch (codeOf(error)) {
    case 'ENOENT':
      if (!isWriting) return new FileNotFoundError(disk, key, error)
      break
    case 'EISDIR':
    case 'ENOTDIR':
    case 'EEXIST':
    case 'ENOTEMPTY':
      return isWriting ? new FileConflictError(disk, key, error) : new FileNotFoundError(disk, key, error)
    // A socket, or a device without a driver.
    case 'ENXIO':
    case 'ENODEV':
      if (!isWriting) return new FileNotFoundError(disk, key, error)
      break
    case 'ELOOP':
      return new FileLinkError(disk, key, error)
    case 'ENAMETOOLONG':
      return new InvalidFileKeyError(key, 'it is too long for the file system', error)
  }
  const hint = 'Make room, or give the process the right to read and write below the root of the disk.'
  // The path of a folder that is open tells nobody where it is.
  const reason = messageOf(error).replace(/ '\/proc\/self\/fd\/.*/s, ` for "${key}"`)
  return new DiskUnavailableError(disk, reason, hint, error)
}
