/** @module What a password may be, and its bytes. */
import { InvalidPasswordError } from './errors.ts'

const MOST_BYTES = 4_096

/** @throws {InvalidPasswordError} */
export function requirePassword(password: string): Uint8Array {
  const read = readablePassword(password)
  if (typeof read === 'string') throw new InvalidPasswordError(read)
  return read
}

/** Gives the bytes that are hashed, or why there are none. */
export function readablePassword(password: string): Uint8Array | string {
  // What a client has sent may be anything, whatever the types say.
  if (typeof password !== 'string') return 'is no text'
  if (password === '') return 'is empty'
  // Before it is normalised, which takes long for texts that are long.
  if (password.length > MOST_BYTES) return TOO_LONG
  // Halves of characters would all become the same one.
  if (!password.isWellFormed()) return 'has half a character in it'
  // Keyboards send the same letter in several ways: RFC 8265 compares passwords in this form.
  const bytes = Buffer.from(password.normalize('NFC'))
  return bytes.length > MOST_BYTES ? TOO_LONG : bytes
}

const TOO_LONG = `is longer than ${MOST_BYTES} bytes`
