/** @module How keys and texts stand in the table: as bytes, which every database compares as they are. */
import { createHash } from 'node:crypto'
import type { StoredText } from '../../application/ports/cache-store.ts'
import type { Row } from '../connections/connection.ts'
import { NamespaceTooLongError } from './errors.ts'

/** What a primary key of MySQL has room for. */
export const LONGEST_ID = 1_024
const DIGEST_BYTES = 32
const HEAD_BYTES = LONGEST_ID - DIGEST_BYTES

/** A row without its key. A text that is a count has no bytes. */
export interface Content {
  readonly bytes: Buffer | null
  readonly total: number | null
}

/** Gives the bytes of a key; of a long one its beginning and a digest, which together are longer than any short one. */
export function idOf(key: string): Buffer {
  const bytes = Buffer.from(key)
  if (bytes.length < LONGEST_ID) return bytes
  return Buffer.concat([bytes.subarray(0, HEAD_BYTES), createHash('sha256').update(bytes).digest()])
}

/**
 * Gives the first id of the keys that begin with a text, and the first one after them.
 *
 * @throws {NamespaceTooLongError}
 */
export function rangeOf(beginning: string): readonly [from: Buffer, to: Buffer] {
  const from = Buffer.from(beginning)
  if (from.length > HEAD_BYTES) throw new NamespaceTooLongError(from.length, HEAD_BYTES)
  const to = Buffer.from(from)
  // It ends with a colon, whose byte is not the last there is.
  to[to.length - 1] = (to.at(-1) ?? 0) + 1
  return [from, to]
}

export function contentOf(text: string): Content {
  const total = /^(?:0|-?[1-9]\d{0,15})$/.test(text) ? Number(text) : Number.NaN
  return Number.isSafeInteger(total) ? { bytes: null, total } : { bytes: Buffer.from(text), total: null }
}

export function entryOf({ bytes, total, expires_at: end }: Row): StoredText {
  const text = bytes instanceof Uint8Array ? Buffer.from(bytes).toString() : String(total)
  return { text, expiresAt: endOf(end) }
}

/** Drivers give large numbers as texts. */
export function endOf(end: unknown): number | undefined {
  return end === null || end === undefined ? undefined : Number(end)
}
