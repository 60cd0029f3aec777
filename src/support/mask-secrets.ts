/** @module Keeps secrets out of messages: passwords in URLs, and values whose name says that they are secret. */

const MASK = '****'
const SECRET_NAME = /pass(word|wd)?|secret|token|api_?key|private|credential/i

/**
 * Replaces the password of every URL in a text.
 *
 * The password ends at the last `@` before a slash or a blank, so that one with an unescaped `@` leaves nothing behind.
 *
 * @example
 * ```ts
 * import { maskSecrets } from 'limber'
 *
 * maskSecrets('postgres://ada:s3cret@localhost/app') // 'postgres://ada:****@localhost/app'
 * ```
 */
export function maskSecrets(text: string): string {
  return text
    .replace(/([a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):[^\s]*@(?=[^\s@]*)/gi, `$1:${MASK}@`)
    .replace(/([?&](?:password|secret|token|key)=)[^&\s]*/gi, `$1${MASK}`)
}

/** Shows a value for a message, or a mask where its name says that it is secret. */
export function maskValue(name: string, value: string): string {
  return SECRET_NAME.test(name) ? MASK : maskSecrets(value)
}
