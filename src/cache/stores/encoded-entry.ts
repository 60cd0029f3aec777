/** @module A text and its end as one value, for servers that keep values: the digits of the end, or none, a colon, and the text. */
import type { StoredText } from '../../application/ports/cache-store.ts'

/** How much longer than it lasts a server keeps a value, in milliseconds: its end is judged by the clock of the application. */
const MARGIN = 60_000

export function encodeEntry({ text, expiresAt }: StoredText): string {
  return `${expiresAt ?? ''}:${text}`
}

/** Gives undefined for what another program keeps there. */
export function decodeEntry(value: string): StoredText | undefined {
  const [beginning, digits = ''] = /^(\d*):/.exec(value) ?? []
  return beginning === undefined
    ? undefined
    : { text: value.slice(beginning.length), expiresAt: decodeEnd(digits) }
}

export function decodeEnd(digits: string): number | undefined {
  return digits === '' ? undefined : Number(digits)
}

/** How long a server has to keep a value, in milliseconds; undefined: for ever. */
export function boundOf(expiresAt: number | undefined, now: number): number | undefined {
  return expiresAt === undefined ? undefined : Math.max(1_000, Math.ceil(expiresAt - now + MARGIN))
}
