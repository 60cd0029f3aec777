/** @module What an error of a bucket says in our words. */
import { LimberError } from '../../errors/limber-error.ts'
import { maskSecrets } from '../../support/mask-secrets.ts'
import { messageOf } from '../../support/message-of.ts'
import { DiskUnavailableError, FileNotFoundError, InvalidFileKeyError } from '../errors.ts'

const ABSENT = new Set(['NoSuchKey', 'NotFound'])

export function explainRefusal(error: unknown, disk: string, key: string): LimberError {
  if (error instanceof LimberError) return error
  const name = error instanceof Error ? error.name : 'Error'
  const status = statusOf(error)
  if (ABSENT.has(name) && status === 404) return new FileNotFoundError(disk, key, plain(error))
  if (name === 'KeyTooLongError')
    return new InvalidFileKeyError(key, 'it is too long for the bucket', plain(error))
  const [words = ''] = messageOf(error).split('\n')
  const answer = status === undefined ? '' : ` (status ${status})`
  const reason = `${name}: ${maskSecrets(words || 'there is no answer')}${answer}`
  return new DiskUnavailableError(disk, reason, hintFor(name, status), plain(error))
}

function hintFor(name: string, status: number | undefined): string {
  if (name === 'NoSuchBucket') return 'Make the bucket, or correct its name in config/files.ts.'
  if (name === 'CredentialsProviderError')
    return 'Give the disk credentials in config/files.ts, or in the environment.'
  if (status === 403 || status === 401)
    return 'Check the credentials and what they permit: s3:GetObject, PutObject, DeleteObject and ListBucket.'
  return 'Check that the server answers, and that endpoint and region are right.'
}

export function statusOf(error: unknown): number | undefined {
  const metadata: unknown = error instanceof Error ? Reflect.get(error, '$metadata') : undefined
  const status: unknown = Reflect.get(Object(metadata), 'httpStatusCode')
  return typeof status === 'number' ? status : undefined
}

/** Without the fields of the SDK: they hold the request, with its signature and the id of the key. */
function plain(error: unknown): Error {
  const cause = new Error(maskSecrets(messageOf(error)))
  if (error instanceof Error) {
    cause.name = error.name
    if (error.stack !== undefined) cause.stack = maskSecrets(error.stack)
  }
  return cause
}
