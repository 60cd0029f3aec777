/** @module What an API key looks like: `lk_`, what finds it, and what proves it. */
import { randomInt } from 'node:crypto'

/** Of capitals and small letters only the latter, since some databases find them alike. */
const FINDING = 'abcdefghijklmnopqrstuvwxyz0123456789'
const PROVING = `${FINDING}ABCDEFGHIJKLMNOPQRSTUVWXYZ`
const FORM = /^lk_([a-z\d]{16})_[A-Za-z\d]{43}$/

/** More than 256 bits prove it. */
export function newKey(): { readonly key: string; readonly prefix: string } {
  const prefix = letters(FINDING, 16)
  return { key: `lk_${prefix}_${letters(PROVING, 43)}`, prefix }
}

/** The part that finds a key; undefined for what cannot be one, of which no store is asked. */
export function prefixOf(key: string): string | undefined {
  return FORM.exec(key)?.[1]
}

/** As RFC 6749 has it for scopes, without the comma, which separates them on the command line. */
export function isAbility(text: unknown): boolean {
  return typeof text === 'string' && /^[\x21\x23-\x2b\x2d-\x5b\x5d-\x7e]{1,100}$/.test(text)
}

function letters(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('')
}
