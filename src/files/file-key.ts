/** @module Keys of files: relative paths with slashes, the same on every disk. */
import { InvalidFileKeyError } from './errors.ts'

/** The folder of a local disk in which files are written before they get their name. */
export const TEMPORARY_FOLDER = '.limber-tmp'

/** What buckets take, and what file systems take for one name; in bytes. */
const LONGEST_KEY = 1024
const LONGEST_NAME = 255

/** @throws {InvalidFileKeyError} */
export function checkKey(key: string): void {
  const reason = keyFault(key)
  if (reason !== undefined) throw new InvalidFileKeyError(key, reason)
}

/** @returns the key of the folder without a slash at its end @throws {InvalidFileKeyError} */
export function checkFolder(folder: string): string {
  const key = typeof folder === 'string' ? folder.replace(/(?<=.)\/$/s, '') : folder
  checkKey(key)
  return key
}

/** Why a text is not the key of a file; undefined when it is. Nothing is decoded: `%2e` are three letters. */
export function keyFault(key: unknown): string | undefined {
  if (typeof key !== 'string') return 'it is no text'
  if (key === '') return 'it is empty'
  if (!key.isWellFormed()) return 'it is not well-formed Unicode'
  if (/\p{Cc}/u.test(key)) return 'it contains a control character'
  if (key.includes('\\')) return 'it contains a backslash'
  if (key.startsWith('/')) return 'it is an absolute path'
  if (Buffer.byteLength(key) > LONGEST_KEY) return `it has more than ${LONGEST_KEY} bytes`
  const names = key.split('/')
  if (names[0]?.toLowerCase() === TEMPORARY_FOLDER) return `"${TEMPORARY_FOLDER}" is reserved`
  for (const name of names) {
    if (name === '') return 'a part between its slashes is empty'
    if (name === '.' || name === '..') return `"${name}" is no name`
    if (Buffer.byteLength(name) > LONGEST_NAME) return `a name in it has more than ${LONGEST_NAME} bytes`
  }
  return undefined
}

/** The key as a part of a URL. */
export function encodeKey(key: string): string {
  return key.split('/').map(encodeSegment).join('/')
}

export function encodeSegment(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
