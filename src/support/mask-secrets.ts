/** @module Keeps secrets out of messages: passwords in URLs, and values whose name says that they are secret. */

const MASK = '****'
/** Begins where a word begins, and looks only so far: a long text must not take long for each of its letters. */
const URL_PASSWORD = /(?<![a-z0-9+.-])([a-z][a-z0-9+.-]{0,30}:\/\/[^\s:/@]{0,200}):\S{0,1000}@/gi
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
    .replace(URL_PASSWORD, `$1:${MASK}@`)
    .replace(/([?&](?:password|secret|token|key)=)[^&\s]*/gi, `$1${MASK}`)
}

/** Shows a value for a message, or a mask where its name says that it is secret. */
export function maskValue(name: string, value: string): string {
  return SECRET_NAME.test(name) ? MASK : maskSecrets(value)
}
