/** @module What a client is told when an upload is too large, or cannot be read. */
import type { LimberError } from '../../errors/limber-error.ts'
import { MalformedBodyError, UnsupportedMediaTypeError } from '../problems/request-errors.ts'
import { UploadLimitError } from './errors.ts'

export interface Limits {
  readonly files: number
  readonly fileSize: number
  readonly fields: number
  readonly fieldSize: number
  readonly parts: number
}

export function fileTooLarge({ fileSize }: Limits, name?: string): UploadLimitError {
  return new UploadLimitError(`${name ? `The file "${name}"` : 'A file'} has more than ${fileSize} bytes.`)
}

export function fieldTooLarge(name: string, { fieldSize }: Limits): UploadLimitError {
  return new UploadLimitError(`The field "${name}" has more than ${fieldSize} bytes.`)
}

/** For what the parser has thrown: whatever it is, the request was the reason. */
export function toUploadError(error: unknown, limits: Limits): LimberError {
  const cause = error instanceof Error ? error : new Error(String(error))
  const code = 'code' in cause ? cause.code : undefined
  if (code === 'FST_INVALID_MULTIPART_CONTENT_TYPE') {
    const hint = 'Send a form with files, as multipart/form-data.'
    return new UnsupportedMediaTypeError('it is no form with files.', hint, cause)
  }
  if (code === 'FST_REQ_FILE_TOO_LARGE') return fileTooLarge(limits)
  if (code === 'FST_FILES_LIMIT')
    return new UploadLimitError(`It has more than ${limits.files} files.`, cause)
  if (code === 'FST_FIELDS_LIMIT')
    return new UploadLimitError(`It has more than ${limits.fields} fields.`, cause)
  if (code === 'FST_PARTS_LIMIT')
    return new UploadLimitError(`It has more than ${limits.parts} parts.`, cause)
  return new MalformedBodyError(cause.message, cause)
}
